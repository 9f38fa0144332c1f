import { parseTarget, type EpochMs } from '@warder/core'
import * as z from 'zod/mini'
import type { Enforced, FirewallPlan } from './firewall.ts'
import { SET_KINDS, setName } from './nft-names.ts'
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
  const { rest, taken } = takePlain(json)
  for (const { set, rule } of listingSchema.parse(JSON.parse(rest)).nftables) {
    if (set)
      sets.set(
        set.name,
        (set.elem ?? []).flatMap((each) => takenBy(each, taken) ?? [toElement(each)]),
      )
    if (rule) rules.set(rule.chain, (rules.get(rule.chain) ?? 0) + 1)
  }
  return { sets, rules }
}

/** The bans of a plan's jails in a listing. */
export function enforcedIn(listing: Listing, plan: FirewallPlan, now: EpochMs): readonly Enforced[] {
  return plan.jails.flatMap(({ name }) =>
    SET_KINDS.flatMap((kind) =>
      (listing.sets.get(setName(kind, name)) ?? []).map(({ ip, expires }) => ({
        jail: name,
        ip: kind[0] === 'n' ? asPrefix(ip) : ip,
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

type Elements = readonly { readonly ip: string; readonly expires: number | null }[]

const LIST = '"elem": ['
const PLAIN = /\{"elem": \{"val": "([0-9a-f.:]+)", "timeout": \d+, "expires": (\d+)\}\}(?:, )?/y
const TAKEN = /^taken (\d+)$/

/**
 * Takes lists of nothing but addresses with time-outs out of a listing and leaves their numbers: of a hundred thousand
 * bans, JSON and its check would make many times as many objects as there is to know. The rest is as nft wrote it.
 */
function takePlain(json: string): { readonly rest: string; readonly taken: readonly Elements[] } {
  const taken: Elements[] = []
  const parts: string[] = []
  let from = 0
  for (let at = json.indexOf(LIST); at >= 0; at = json.indexOf(LIST, at + 1)) {
    const elements: { ip: string; expires: number }[] = []
    PLAIN.lastIndex = at + LIST.length
    let end = PLAIN.lastIndex
    for (let found = PLAIN.exec(json); found !== null; found = PLAIN.exec(json)) {
      elements.push({ ip: canonical(found[1] ?? ''), expires: Number(found[2]) })
      end = PLAIN.lastIndex
    }
    if (elements.length === 0 || json[end] !== ']') continue
    parts.push(json.slice(from, at + LIST.length), `"taken ${taken.length}"`)
    taken.push(elements)
    from = end
    at = end
  }
  return { rest: parts.join('') + json.slice(from), taken }
}

const takenBy = (value: z.infer<typeof element>, taken: readonly Elements[]): Elements | undefined =>
  typeof value === 'string' ? taken[Number(TAKEN.exec(value)?.[1] ?? -1)] : undefined

/** nft writes some addresses of the sixth version in another way than we do (`::192.0.2.1`). A copy: it was cut out. */
const canonical = (ip: string): string =>
  ip.includes(':') ? (parseTarget(ip) ?? ip) : Buffer.from(ip, 'latin1').toString('latin1')

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
