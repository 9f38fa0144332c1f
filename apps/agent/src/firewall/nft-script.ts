import { familyOf, type EpochMs } from '@warder/core'
import type { FirewallChange, FirewallPlan } from './firewall.ts'
import {
  counterName,
  kindOf,
  NEVER_SETS,
  SET_KINDS,
  setName,
  TABLES,
  WIDE_KINDS,
  type Family,
  type SetKind,
} from './nft-names.ts'
import { CHAINS, jailsIn, rulesOf } from './nft-rules.ts'

const ELEMENTS_PER_STATEMENT = 1_000
/** nft reads no more; who is banned for longer is set again before this is over. */
export const LONGEST_TIMEOUT_S = 3_650 * 86_400

/** Subnets by jail with their ends, none inside another. */
export type HeldSubnets = ReadonlyMap<string, ReadonlyMap<string, EpochMs | null>>

/** Changes of the kernel's sets. */
export interface ElementChanges {
  /** Changes of what is an element of its own, one per jail and target: addresses, and IPv6 prefixes of 64 bits. */
  readonly addresses: readonly FirewallChange[]
  /** All that the named jails' sets of subnets should hold. */
  readonly subnets: HeldSubnets
}

/** How changes of elements are written. */
export interface ScriptOptions {
  readonly now: EpochMs
  /**
   * Whether the addresses that are added may be there already (default). Where they are to be `new` and one is not, the
   * kernel refuses all of it.
   */
  readonly added?: 'new' | 'any'
  /** The tables that a jail's bans are in; by default the one of the node. */
  readonly places?: (jail: string) => readonly Family[]
}

/** The names of what is in a table now. */
export interface Existing {
  readonly sets: readonly string[]
  readonly chains: readonly string[]
  readonly counters: readonly string[]
}

const NOTHING: Existing = { sets: [], chains: [], counters: [] }

/**
 * One transaction that makes a table ready for a plan: declares what may be there already, writes the rules anew, and
 * drops what does not belong there. Elements of sets and counters that stay are not touched, so bans survive.
 */
export function prepareScript(family: Family, plan: FirewallPlan, existing: Existing = NOTHING): string {
  const table = TABLES[family]
  const jails = jailsIn(family, plan)
  const chains = Object.entries(CHAINS[family])
  const sets = new Set<string>([
    ...Object.values(NEVER_SETS),
    ...jails.flatMap(({ name }) => SET_KINDS.map((kind) => setName(kind, name))),
  ])
  const counters = new Set(jails.map(({ name }) => counterName(name)))
  const foreign = existing.chains.filter((name) => !(name in CHAINS[family]))
  return toScript([
    `add table ${table}`,
    ...([4, 6] as const).map(
      (version) =>
        `add set ${table} ${NEVER_SETS[version]} { type ipv${version}_addr; flags interval; auto-merge; }`,
    ),
    ...jails.flatMap(({ name }) => SET_KINDS.map((kind) => declareSet(table, kind, name))),
    // Some kernels refuse a counter that is there already.
    ...[...counters]
      .filter((name) => !existing.counters.includes(name))
      .map((name) => `add counter ${table} ${name}`),
    ...chains.flatMap(([name, hook]) => [
      `add chain ${table} ${name} { ${hook} }`,
      `flush chain ${table} ${name}`,
    ]),
    ...foreign.map((name) => `flush chain ${table} ${name}`),
    ...foreign.map((name) => `delete chain ${table} ${name}`),
    ...rulesOf(family, plan).map(({ chain, rule }) => `add rule ${table} ${chain} ${rule}`),
    ...([4, 6] as const).flatMap((version) => neverElements(table, version, plan.never)),
    ...existing.sets.filter((name) => !sets.has(name)).map((name) => `delete set ${table} ${name}`),
    ...existing.counters
      .filter((name) => !counters.has(name))
      .map((name) => `delete counter ${table} ${name}`),
  ])
}

/** Takes a table down, there or not. */
export const removeScript = (family: Family): string =>
  `add table ${TABLES[family]}\ndelete table ${TABLES[family]}\n`

/**
 * One transaction that changes elements; empty when there is nothing to do. An end that is reached already removes.
 * Sets of subnets are written anew: nft compares with what is there without regard to what the same script deletes.
 */
export function elementScript(
  { addresses, subnets }: ElementChanges,
  { now, added = 'any', places = () => ['inet'] }: ScriptOptions,
): string {
  const removed = new Map<string, string[]>()
  const created = new Map<string, string[]>()
  const written = new Map<string, string[]>()
  const setsOf = setsIn(places)
  for (const change of addresses) {
    const kind = kindOf(change.ip)
    const element = elementOf(change.ip, kind)
    const isAdded = change.kind === 'add' && isAhead(change.until, now)
    for (const set of setsOf(kind, change.jail)) {
      if (!isAdded || added === 'any') push(removed, set, checked(element))
      if (isAdded) push(created, set, timed(element, change.until, now))
    }
  }
  const flushed = [...subnets.keys()].flatMap((jail) => WIDE_KINDS.flatMap((kind) => setsOf(kind, jail)))
  for (const [jail, ips] of subnets) {
    for (const [ip, until] of ips) {
      if (!isAhead(until, now)) continue
      for (const set of setsOf(kindOf(ip), jail)) push(written, set, timed(ip, until, now))
    }
  }
  return toScript([
    // Adding first makes deleting safe whether or not it was there: older nft knows no `destroy`, and older kernels
    // leave the time-out of an element as it was when it is added again.
    ...[...removed].flatMap(([set, ips]) => [
      ...statements('add', set, ips),
      ...statements('delete', set, ips),
    ]),
    ...flushed.map((set) => `flush set ${set}`),
    ...[...created].flatMap(([set, ips]) => statements(added === 'new' ? 'create' : 'add', set, ips)),
    ...[...written].flatMap(([set, ips]) => statements('add', set, ips)),
  ])
}

/** The sets of a kind of a jail, with their tables. Worked out once for each: thousands of bans ask for the same. */
function setsIn(
  places: (jail: string) => readonly Family[],
): (kind: SetKind, jail: string) => readonly string[] {
  const known = new Map<string, Map<SetKind, readonly string[]>>()
  return (kind, jail) => {
    const sets = known.get(jail)?.get(kind)
    if (sets !== undefined) return sets
    const made = places(jail).map((family) => `${TABLES[family]} ${setName(kind, jail)}`)
    known.set(jail, (known.get(jail) ?? new Map<SetKind, readonly string[]>()).set(kind, made))
    return made
  }
}

/** How a target is written in the set of its kind. */
const elementOf = (ip: string, kind: SetKind): string => (kind === 'm6' ? ip.slice(0, -'/64'.length) : ip)

const isAhead = (until: EpochMs | null, now: EpochMs): boolean => until === null || until > now

const toScript = (statements: readonly string[]): string => statements.map((each) => `${each}\n`).join('')

function push(lists: Map<string, string[]>, name: string, value: string): void {
  const list = lists.get(name)
  if (list) list.push(value)
  else lists.set(name, [value])
}

const declareSet = (table: string, kind: SetKind, jail: string): string =>
  `add set ${table} ${setName(kind, jail)} { type ipv${kind[1]}_addr; flags ${kind[0] === 'n' ? 'interval,timeout' : 'timeout'}; }`

function* inPieces(ips: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < ips.length; from += ELEMENTS_PER_STATEMENT)
    yield ips.slice(from, from + ELEMENTS_PER_STATEMENT)
}

const statements = (
  verb: 'add' | 'create' | 'delete',
  set: string,
  ips: readonly string[],
): readonly string[] => [...inPieces(ips)].map((piece) => `${verb} element ${set} { ${piece.join(', ')} }`)

/** The last guard before a script: what is not made of an address's characters never gets in. */
export function checked(ip: string): string {
  if (!/^[0-9a-f.:/-]{2,91}$/.test(ip)) throw new Error(`not an address: ${ip.slice(0, 100)}`)
  return ip
}

/** Rounded up, so that the kernel never ends a ban before we do. Written with days: nft refuses long numbers of seconds. */
function timed(ip: string, until: EpochMs | null, now: EpochMs): string {
  if (until === null) return checked(ip)
  const seconds = Math.min(Math.max(1, Math.ceil((until - now) / 1_000)), LONGEST_TIMEOUT_S)
  const days = Math.floor(seconds / 86_400)
  return `${checked(ip)} timeout ${days > 0 ? `${days}d` : ''}${seconds % 86_400}s`
}

function neverElements(table: string, version: 4 | 6, never: readonly string[]): readonly string[] {
  const set = `${table} ${NEVER_SETS[version]}`
  const ips = never.filter((ip) => familyOf(ip) === version).map(checked)
  return [`flush set ${set}`, ...statements('add', set, ips)]
}
