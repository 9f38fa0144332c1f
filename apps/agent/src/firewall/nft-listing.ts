import { parseTarget, type EpochMs } from '@warder/core'
import * as z from 'zod/mini'
import type { Enforced, FirewallPlan } from './firewall.ts'
import { counterName, NEVER_SETS, SET_KINDS, setName, TABLE, type Family, type SetKind } from './nft-names.ts'
import { CHAINS, jailsIn, rulesOf } from './nft-rules.ts'
import type { Existing } from './nft-script.ts'

const prefix = z.object({ prefix: z.object({ addr: z.string(), len: z.number() }) })
const range = z.object({ range: z.tuple([z.string(), z.string()]) })
const target = z.union([z.string(), prefix, range])
const element = z.union([
  z.object({ elem: z.object({ val: target, expires: z.optional(z.number()) }) }),
  target,
])
/** What nft lists, one kind to each: what it is called, or whose it is. */
const listedSchema = z.object({
  nftables: z.array(
    z.record(z.string(), z.looseObject({ name: z.optional(z.unknown()), table: z.optional(z.unknown()) })),
  ),
})
const ourSchema = z.array(
  z.looseObject({
    // A number stands for a list that was taken out.
    set: z.optional(
      z.looseObject({ name: z.string(), elem: z.optional(z.union([z.array(element), z.number()])) }),
    ),
    chain: z.optional(z.looseObject({ name: z.string() })),
    rule: z.optional(z.looseObject({ chain: z.string() })),
    counter: z.optional(z.looseObject({ name: z.string(), packets: z.number() })),
  }),
)

interface Element {
  readonly ip: string
  readonly expires: number | null
}

/** nft's listing of a table of ours, as far as it matters. */
export interface Listing extends Existing {
  readonly elements: ReadonlyMap<string, readonly Element[]>
  /** Rules by chain. */
  readonly rules: ReadonlyMap<string, number>
  /** Blocked packets by the counter's name. */
  readonly packets: ReadonlyMap<string, number>
  /** Everything but elements, figures and what the kernel numbers by itself: the same text means the same rules. */
  readonly shape: string
}

export const EMPTY_LISTING: Listing = {
  sets: [],
  chains: [],
  counters: [],
  elements: new Map(),
  rules: new Map(),
  packets: new Map(),
  shape: '',
}

/**
 * Something is there that we never make: elements of another kind, or a table that somebody put to sleep, whose flag
 * nft 1.0.6 writes as anything at all.
 */
export const UNREADABLE_LISTING: Listing = { ...EMPTY_LISTING, shape: 'unreadable' }

/** The JSON that nft prints for our table, or for all of its family → what is in ours. */
export function parseListing(json: string): Listing {
  const { rest, taken } = takePlain(json)
  const found = readOurs(rest)
  if (found === null) return UNREADABLE_LISTING
  if (found.length === 0) return EMPTY_LISTING
  const elements = new Map<string, readonly Element[]>()
  const rules = new Map<string, number>()
  const packets = new Map<string, number>()
  for (const { set, rule, counter } of found) {
    if (set)
      elements.set(
        set.name,
        typeof set.elem === 'number' ? (taken[set.elem] ?? []) : (set.elem ?? []).map(toElement),
      )
    if (rule) rules.set(rule.chain, (rules.get(rule.chain) ?? 0) + 1)
    if (counter) packets.set(counter.name, counter.packets)
  }
  return {
    sets: [...elements.keys()],
    chains: found.flatMap(({ chain }) => (chain ? [chain.name] : [])),
    counters: [...packets.keys()],
    elements,
    rules,
    packets,
    shape: shapeOf(found),
  }
}

function readOurs(json: string): z.infer<typeof ourSchema> | null {
  try {
    return ourSchema.parse(listedSchema.parse(JSON.parse(json)).nftables.filter(isOurs))
  } catch {
    return null
  }
}

/** Where all tables are listed, those of others are in front of ours and behind it. */
const isOurs = (listed: z.infer<typeof listedSchema>['nftables'][number]): boolean =>
  Object.entries(listed).some(([kind, { name, table }]) => (kind === 'table' ? name : table) === TABLE)

const CHANGING = new Set(['handle', 'elem', 'packets', 'bytes', 'metainfo'])

function shapeOf(found: z.infer<typeof ourSchema>): string {
  return JSON.stringify(found, (key, value: unknown) => (CHANGING.has(key) ? undefined : value))
}

/** A table's listing, and what it is read by. */
export interface Listed {
  readonly listing: Listing
  readonly plan: FirewallPlan
  readonly now: EpochMs
}

/** The bans of a plan's jails in a table's listing, or those in sets of some kinds. */
export function enforcedIn(
  family: Family,
  { listing, plan, now }: Listed,
  kinds: readonly SetKind[] = SET_KINDS,
): readonly Enforced[] {
  return jailsIn(family, plan).flatMap(({ name }) =>
    kinds.flatMap((kind) => elementsOf(listing, kind, name).map((each) => toEnforced(name, each, now))),
  )
}

/** Who is never banned by a listing, as one text to compare. */
export const neverIn = (listing: Listing): string =>
  Object.values(NEVER_SETS)
    .flatMap((set) => (listing.elements.get(set) ?? []).map(({ ip }) => ip))
    .toSorted()
    .join(' ')

/** Blocked packets by jail, as a listing counts them. */
export function droppedIn(listing: Listing, { jails }: FirewallPlan): ReadonlyMap<string, number> {
  return new Map(jails.map(({ name }) => [name, listing.packets.get(counterName(name)) ?? 0]))
}

/** Whether a table has every set and rule of a plan: without its rules a set blocks nobody. */
export function isIntact(family: Family, listing: Listing, plan: FirewallPlan): boolean {
  const sets = jailsIn(family, plan).flatMap(({ name }) => SET_KINDS.map((kind) => setName(kind, name)))
  const rules = rulesOf(family, plan)
  return (
    sets.every((name) => listing.elements.has(name)) &&
    Object.keys(CHAINS[family]).every(
      (name) =>
        listing.chains.includes(name) &&
        (listing.rules.get(name) ?? 0) === rules.filter(({ chain }) => chain === name).length,
    )
  )
}

function elementsOf(listing: Listing, kind: SetKind, jail: string): readonly Element[] {
  const all = listing.elements.get(setName(kind, jail)) ?? []
  if (kind[0] === 'v') return all
  return all.map(({ ip, expires }) => ({ ip: kind === 'm6' ? `${ip}/64` : asPrefix(ip), expires }))
}

const toEnforced = (jail: string, { ip, expires }: Element, now: EpochMs): Enforced => ({
  jail,
  ip,
  until: expires === null ? null : now + expires * 1_000,
})

const LIST = '"elem": ['
const PLAIN = /\{"elem": \{"val": "([0-9a-f.:]+)", "timeout": \d+, "expires": (\d+)\}\}(?:, )?/y

/**
 * Takes lists of nothing but addresses with time-outs out of a listing and leaves their numbers in the lists' places, where
 * nft itself never writes one: of a hundred thousand bans, JSON and its check would make many times as many objects as there
 * is to know. The rest is as nft wrote it. In a text of JSON the quotes of LIST would be escaped, so it is always a key.
 */
function takePlain(json: string): { readonly rest: string; readonly taken: readonly (readonly Element[])[] } {
  const taken: (readonly Element[])[] = []
  const parts: string[] = []
  let from = 0
  for (let at = json.indexOf(LIST); at >= 0; at = json.indexOf(LIST, at + 1)) {
    const elements: Element[] = []
    PLAIN.lastIndex = at + LIST.length
    let end = PLAIN.lastIndex
    for (let found = PLAIN.exec(json); found !== null; found = PLAIN.exec(json)) {
      elements.push({ ip: canonical(found[1] ?? ''), expires: Number(found[2]) })
      end = PLAIN.lastIndex
    }
    if (elements.length === 0 || json[end] !== ']') continue
    parts.push(json.slice(from, at + LIST.length - 1), `${taken.length}`)
    taken.push(elements)
    from = end + 1
    at = end
  }
  return { rest: parts.join('') + json.slice(from), taken }
}

/** nft writes some addresses of the sixth version in another way than we do (`::192.0.2.1`). A copy: it was cut out. */
const canonical = (ip: string): string =>
  ip.includes(':') ? (parseTarget(ip) ?? ip) : Buffer.from(ip, 'latin1').toString('latin1')

function toElement(value: z.infer<typeof element>): Element {
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
