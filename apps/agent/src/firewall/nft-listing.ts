import { parseTarget, type EpochMs } from '@warder/core'
import * as z from 'zod/mini'
import type { Enforced, FirewallPlan } from './firewall.ts'
import { SET_KINDS, setName, type SetKind } from './nft-names.ts'
import { countRules } from './nft-script.ts'

const prefix = z.object({ prefix: z.object({ addr: z.string(), len: z.number() }) })
const range = z.object({ range: z.tuple([z.string(), z.string()]) })
const target = z.union([z.string(), prefix, range])
const element = z.union([
  z.object({ elem: z.object({ val: target, expires: z.optional(z.number()) }) }),
  target,
])
const listingSchema = z.object({
  nftables: z.array(
    z.object({
      set: z.optional(z.object({ name: z.string(), elem: z.optional(z.array(element)) })),
      rule: z.optional(z.object({ chain: z.string() })),
    }),
  ),
})

/** nft's listing of our table, as far as it matters. */
export interface Listing {
  readonly sets: ReadonlyMap<string, readonly { readonly ip: string; readonly expires: number | null }[]>
  /** Rules by chain. */
  readonly rules: ReadonlyMap<string, number>
}

export const EMPTY_LISTING: Listing = { sets: new Map(), rules: new Map() }

/** The JSON that nft prints for the table → its sets and rules. @throws when it is not of that form */
export function parseListing(json: string): Listing {
  const sets = new Map<string, readonly { ip: string; expires: number | null }[]>()
  const rules = new Map<string, number>()
  for (const { set, rule } of listingSchema.parse(JSON.parse(json)).nftables) {
    if (set) sets.set(set.name, (set.elem ?? []).map(toElement))
    if (rule) rules.set(rule.chain, (rules.get(rule.chain) ?? 0) + 1)
  }
  return { sets, rules }
}

/** The bans of a plan's jails in a listing, or those in sets of some kinds. */
export function enforcedIn(
  listing: Listing,
  plan: FirewallPlan,
  now: EpochMs,
  kinds: readonly SetKind[] = SET_KINDS,
): readonly Enforced[] {
  return plan.jails.flatMap(({ name }) =>
    kinds.flatMap((kind) =>
      (listing.sets.get(setName(kind, name)) ?? []).map(({ ip, expires }) => ({
        jail: name,
        ip: kind[0] === 'n' ? asPrefix(ip) : kind === 'm6' ? `${ip}/64` : ip,
        until: expires === null ? null : now + expires * 1_000,
      })),
    ),
  )
}

/** Whether the table has every set and rule of a plan: without its rules a set blocks nobody. */
export function isIntact(listing: Listing, plan: FirewallPlan): boolean {
  const sets = plan.jails.flatMap(({ name }) => SET_KINDS.map((kind) => setName(kind, name)))
  return (
    sets.every((name) => listing.sets.has(name)) &&
    [...countRules(plan)].every(([chain, count]) => listing.rules.get(chain) === count)
  )
}

function toElement(value: z.infer<typeof element>): { ip: string; expires: number | null } {
  if (typeof value === 'object' && 'elem' in value) {
    return { ip: toText(value.elem.val), expires: value.elem.expires ?? null }
  }
  return { ip: toText(value), expires: null }
}

function toText(value: z.infer<typeof target>): string {
  // nft writes some addresses in another way than we do (`::192.0.2.1`).
  if (typeof value === 'string') return parseTarget(value) ?? value
  if ('prefix' in value) return parseTarget(`${value.prefix.addr}/${value.prefix.len}`) ?? value.prefix.addr
  return value.range.join('-')
}

/** An address that someone put among the subnets has to be named as one to be taken out there. */
const asPrefix = (ip: string): string => (/[/-]/.test(ip) ? ip : `${ip}/${ip.includes(':') ? 128 : 32}`)
