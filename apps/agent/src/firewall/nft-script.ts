import { familyOf, type EpochMs, type JailPorts, type PortRange } from '@warder/core'
import type { FirewallChange, FirewallPlan } from './firewall.ts'
import { isBanSet, kindOf, NEVER_SETS, SET_KINDS, setName, TABLE, type SetKind } from './nft-names.ts'

const ELEMENTS_PER_STATEMENT = 1_000
/** nft reads no more; who is banned for longer is set again before this is over. */
export const LONGEST_TIMEOUT_S = 3_650 * 86_400

/** Subnets by jail with their ends, none inside another. */
export type HeldSubnets = ReadonlyMap<string, ReadonlyMap<string, EpochMs | null>>

/** Changes of the kernel's sets. */
export interface ElementChanges {
  /** Changes of single addresses, one per jail and address. */
  readonly addresses: readonly FirewallChange[]
  /** All that the named jails' sets of subnets should hold. */
  readonly subnets: HeldSubnets
}

/**
 * One transaction that makes the table ready for a plan: declares what may be there already, writes the rules
 * anew, and drops the sets of jails that are gone. Elements of sets that stay are not touched, so bans survive.
 * `existing`: the names of the table's sets now.
 */
export function prepareScript(plan: FirewallPlan, existing: readonly string[]): string {
  const wanted = new Set(plan.jails.flatMap((jail) => SET_KINDS.map((kind) => setName(kind, jail.name))))
  const gone = existing.filter((name) => isBanSet(name) && !wanted.has(name))
  return toScript([
    `add table ${TABLE}`,
    ...([4, 6] as const).map(
      (family) =>
        `add set ${TABLE} ${NEVER_SETS[family]} { type ipv${family}_addr; flags interval; auto-merge; }`,
    ),
    ...plan.jails.flatMap((jail) => SET_KINDS.map((kind) => declareSet(kind, jail.name))),
    ...['input', 'forward'].flatMap((hook) => [
      `add chain ${TABLE} ${hook} { type filter hook ${hook} priority -10; policy accept; }`,
      `flush chain ${TABLE} ${hook}`,
    ]),
    ...planRules(plan).map(({ chain, rule }) => `add rule ${TABLE} ${chain} ${rule}`),
    ...([4, 6] as const).flatMap((family) => neverElements(family, plan.never)),
    ...gone.map((name) => `delete set ${TABLE} ${name}`),
  ])
}

/** Takes the table down, there or not. */
export const REMOVE_SCRIPT = `add table ${TABLE}\ndelete table ${TABLE}\n`

/** How many rules each chain has when a plan is in force. */
export function countRules(plan: FirewallPlan): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { chain } of planRules(plan)) counts.set(chain, (counts.get(chain) ?? 0) + 1)
  return counts
}

/**
 * One transaction that changes elements; empty when there is nothing to do. An end that is reached already removes.
 * `added`: whether the addresses that are added may be there already; where they are to be `new` and one is not,
 * the kernel refuses all of it. Sets of subnets are written anew: nft compares with what is there without regard to what the same script deletes.
 */
export function elementScript(
  { addresses, subnets }: ElementChanges,
  now: EpochMs,
  added: 'new' | 'any' = 'any',
): string {
  const removed = new Map<string, string[]>()
  const created = new Map<string, string[]>()
  const written = new Map<string, string[]>()
  for (const change of addresses) {
    const name = setName(kindOf(change.ip), change.jail)
    const isAdded = change.kind === 'add' && isAhead(change.until, now)
    if (!isAdded || added === 'any') push(removed, name, checked(change.ip))
    if (isAdded) push(created, name, timed(change.ip, change.until, now))
  }
  const flushed = [...subnets.keys()].flatMap((jail) => [setName('n4', jail), setName('n6', jail)])
  for (const [jail, ips] of subnets) {
    for (const [ip, until] of ips) {
      if (isAhead(until, now)) push(written, setName(kindOf(ip), jail), timed(ip, until, now))
    }
  }
  return toScript([
    // Adding first makes deleting safe whether or not it was there: older nft knows no `destroy`, and older kernels
    // leave the time-out of an element as it was when it is added again.
    ...[...removed].flatMap(([set, ips]) => [
      ...statements('add', set, ips),
      ...statements('delete', set, ips),
    ]),
    ...flushed.map((set) => `flush set ${TABLE} ${set}`),
    ...[...created].flatMap(([set, ips]) => statements(added === 'new' ? 'create' : 'add', set, ips)),
    ...[...written].flatMap(([set, ips]) => statements('add', set, ips)),
  ])
}

const isAhead = (until: EpochMs | null, now: EpochMs): boolean => until === null || until > now

const toScript = (statements: readonly string[]): string => statements.map((each) => `${each}\n`).join('')

function push(lists: Map<string, string[]>, name: string, value: string): void {
  const list = lists.get(name)
  if (list) list.push(value)
  else lists.set(name, [value])
}

const declareSet = (kind: SetKind, jail: string): string =>
  `add set ${TABLE} ${setName(kind, jail)} { type ipv${kind[1]}_addr; flags ${kind[0] === 'n' ? 'interval,timeout' : 'timeout'}; }`

function* inPieces(ips: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < ips.length; from += ELEMENTS_PER_STATEMENT)
    yield ips.slice(from, from + ELEMENTS_PER_STATEMENT)
}

const statements = (
  verb: 'add' | 'create' | 'delete',
  set: string,
  ips: readonly string[],
): readonly string[] =>
  [...inPieces(ips)].map((piece) => `${verb} element ${TABLE} ${set} { ${piece.join(', ')} }`)

/** The last guard before a script: what is not made of an address's characters never gets in. */
function checked(ip: string): string {
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

/** Accepts before drops. Only jails that block every port also block what is routed on to guests. */
function planRules(plan: FirewallPlan): readonly { readonly chain: string; readonly rule: string }[] {
  const accepts = (['input', 'forward'] as const).flatMap((chain) => [
    { chain, rule: `ip saddr @${NEVER_SETS[4]} accept` },
    { chain, rule: `ip6 saddr @${NEVER_SETS[6]} accept` },
  ])
  const drops = plan.jails.flatMap(({ name, ports }) =>
    SET_KINDS.flatMap((kind) => {
      const source = `${kind[1] === '4' ? 'ip' : 'ip6'} saddr @${setName(kind, name)}`
      const rule = `${portMatch(ports)}${source} counter drop`
      return ports.ports === 'all'
        ? [
            { chain: 'input', rule },
            { chain: 'forward', rule },
          ]
        : [{ chain: 'input', rule }]
    }),
  )
  return [...accepts, ...drops]
}

function portMatch({ protocol, ports }: JailPorts): string {
  if (ports === 'all') return ''
  const list = mergeRanges(ports).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  const set = `{ ${list.join(', ')} }`
  return protocol === 'both' ? `meta l4proto { tcp, udp } th dport ${set} ` : `${protocol} dport ${set} `
}

/** nft refuses ranges that overlap in one set. */
export function mergeRanges(ports: readonly PortRange[]): readonly (readonly [number, number])[] {
  const merged: [number, number][] = []
  const ranges = ports.map((port): readonly [number, number] =>
    typeof port === 'number' ? [port, port] : port,
  )
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

function neverElements(family: 4 | 6, never: readonly string[]): readonly string[] {
  const ips = never.filter((ip) => familyOf(ip) === family).map(checked)
  return [`flush set ${TABLE} ${NEVER_SETS[family]}`, ...statements('add', NEVER_SETS[family], ips)]
}
