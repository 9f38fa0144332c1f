import { familyOf, type EpochMs } from '@warder/core'
import type { FirewallChange, FirewallJail, FirewallPlan } from './firewall.ts'
import {
  CHAINS,
  HOOKS,
  kindOf,
  NEVER_SETS,
  nextOf,
  SET_KINDS,
  setName,
  type Hook,
  type SetKind,
} from './ipset-names.ts'
import type { SetListing, TableListing } from './ipset-listing.ts'
import { checked } from './nft-script.ts'
import { mergeRanges } from './ports.ts'

/** The kernel counts no further; who is banned for longer is set again before this is over. */
export const LONGEST_TIMEOUT_S = 2_147_483
/** So many ports fit into one rule; a range counts twice. */
const PORTS_PER_RULE = 15
export const MAX_ELEMENTS = 1_048_576

const VERSIONS = [4, 6] as const
export type IpVersion = (typeof VERSIONS)[number]

const toScript = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

const inet = (version: string | number): string => (String(version) === '4' ? 'inet' : 'inet6')

/** Makes the sets of a plan, those that are there already excepted; `most`: how many elements a set may hold. */
export function createScript({ jails }: FirewallPlan, most: number): string {
  return toScript(
    jails.flatMap(({ name }) =>
      SET_KINDS.map(
        (kind) =>
          `create ${setName(kind, name)} hash:${kind[0] === 'n' ? 'net' : 'ip'} family ${inet(kind[1] ?? 4)} timeout 0 maxelem ${most}`,
      ),
    ),
  )
}

/** Fills the sets of who is never banned: aside first, so that nobody is left out for a moment. */
export function neverScript({ never }: FirewallPlan): string {
  return toScript(
    VERSIONS.flatMap((version) => {
      const set = NEVER_SETS[version]
      const next = nextOf(set)
      const form = `hash:net family ${inet(version)} maxelem ${MAX_ELEMENTS}`
      const ips = never.filter((ip) => familyOf(ip) === version).flatMap(halves)
      return [
        `create ${set} ${form}`,
        `create ${next} ${form}`,
        `flush ${next}`,
        ...ips.map((ip) => `add ${next} ${checked(ip)}`),
        `swap ${set} ${next}`,
        `destroy ${next}`,
      ]
    }),
  )
}

/** The sets of ours that a plan has no use for. */
export function uselessIn(existing: SetListing, plan: FirewallPlan): readonly string[] {
  const wanted = new Set<string>([
    ...Object.values(NEVER_SETS),
    ...plan.jails.flatMap(({ name }) => SET_KINDS.map((kind) => setName(kind, name))),
  ])
  return [...existing.keys()].filter((name) => !wanted.has(name))
}

/** Empties sets: one that no rule of ours names any more may still be named by one of others. */
export const flushScript = (sets: readonly string[]): string => toScript(sets.map((set) => `flush ${set}`))

export const destroyScript = (sets: readonly string[]): string =>
  toScript(sets.map((set) => `destroy ${set}`))

/** The set and element of each change with its time-out in seconds; null takes it out. The last of several wins. */
export function elementsOf(
  changes: readonly FirewallChange[],
  now: EpochMs,
): ReadonlyMap<string, number | null> {
  const elements = new Map<string, number | null>()
  for (const change of changes) {
    const key = `${setName(kindOf(change.ip), change.jail)} ${checked(change.ip)}`
    const isAdded = change.kind === 'add' && (change.until === null || change.until > now)
    elements.set(key, isAdded ? secondsUntil(change.until, now) : null)
  }
  return elements
}

/** Changes elements, whether they are there or not. What goes makes room for what comes. */
export function elementScript(elements: ReadonlyMap<string, number | null>): string {
  const gone = [...elements].flatMap(([key, seconds]) => (seconds === null ? [`del ${key}`] : []))
  const come = [...elements].flatMap(([key, seconds]) =>
    seconds === null ? [] : [`add ${key} timeout ${seconds}`],
  )
  return toScript([...gone, ...come])
}

/** Puts elements back to what they were before. */
export function undoScript(elements: ReadonlyMap<string, number | null>, before: SetListing): string {
  const were = new Map(
    [...before].flatMap(([set, all]) =>
      all.map(({ ip, timeout }): [string, number] => [`${set} ${ip}`, timeout ?? 0]),
    ),
  )
  return elementScript(new Map([...elements.keys()].map((key) => [key, were.get(key) ?? null])))
}

/** 0 is for ever. Rounded up, so that the kernel never ends a ban before we do. */
const secondsUntil = (until: EpochMs | null, now: EpochMs): number =>
  until === null ? 0 : Math.min(Math.max(1, Math.ceil((until - now) / 1_000)), LONGEST_TIMEOUT_S)

/** No set holds everything at once. */
const halves = (ip: string): readonly string[] =>
  ip === '0.0.0.0/0' ? ['0.0.0.0/1', '128.0.0.0/1'] : ip === '::/0' ? ['::/1', '8000::/1'] : [ip]

/**
 * For iptables-restore: our chains anew, called first of all. Who is never banned goes on to what others have to say:
 * accepting here would open what they close.
 */
export function rulesScript(version: IpVersion, plan: FirewallPlan, existing: TableListing): string {
  return toScript([
    '*filter',
    ...HOOKS.map((hook) => `:${CHAINS[hook]} - [0:0]`),
    ...HOOKS.flatMap((hook) => [
      ...Array.from({ length: existing.calls[hook] }, () => `-D ${hook} -j ${CHAINS[hook]}`),
      `-I ${hook} 1 -j ${CHAINS[hook]}`,
      `-A ${CHAINS[hook]} -m set --match-set ${NEVER_SETS[version]} src -j RETURN`,
      ...plan.jails
        .filter(({ ports }) => hook === 'INPUT' || ports.ports === 'all')
        .flatMap((jail) => jailRules(version, hook, jail)),
    ]),
    'COMMIT',
  ])
}

/** Takes our chains down. */
export function unruleScript(existing: TableListing): string {
  const there = HOOKS.filter((hook) => existing.chains.has(CHAINS[hook]))
  if (there.length === 0) return ''
  return toScript([
    '*filter',
    ...there.map((hook) => `:${CHAINS[hook]} - [0:0]`),
    ...there.flatMap((hook) =>
      Array.from({ length: existing.calls[hook] }, () => `-D ${hook} -j ${CHAINS[hook]}`),
    ),
    ...there.map((hook) => `-X ${CHAINS[hook]}`),
    'COMMIT',
  ])
}

function jailRules(version: IpVersion, hook: Hook, jail: FirewallJail): readonly string[] {
  const kinds: readonly SetKind[] = version === 4 ? ['v4', 'n4'] : ['v6', 'n6']
  return kinds.flatMap((kind) =>
    matches(jail).map(
      ({ match, isTcp }) =>
        `-A ${CHAINS[hook]}${match} -m set --match-set ${setName(kind, jail.name)} src -j ${target(version, jail, isTcp)}`,
    ),
  )
}

function target(version: IpVersion, { blocktype }: FirewallJail, isTcp: boolean): string {
  if (blocktype !== 'reject') return 'DROP'
  if (isTcp) return 'REJECT --reject-with tcp-reset'
  return `REJECT --reject-with ${version === 4 ? 'icmp' : 'icmp6'}-port-unreachable`
}

function matches({
  ports: { protocol, ports },
  blocktype,
}: FirewallJail): readonly { match: string; isTcp: boolean }[] {
  if (ports === 'all') {
    const all = { match: '', isTcp: false }
    return blocktype === 'reject' ? [{ match: ' -p tcp', isTcp: true }, all] : [all]
  }
  const protocols = protocol === 'both' ? (['tcp', 'udp'] as const) : [protocol]
  return protocols.flatMap((each) =>
    inRules(mergeRanges(ports)).map((list) => ({
      match: ` -p ${each} -m multiport --dports ${list}`,
      isTcp: each === 'tcp',
    })),
  )
}

/** Lists of ports, each as long as one rule takes. */
export function inRules(ranges: readonly (readonly [number, number])[]): readonly string[] {
  const rules: string[][] = []
  let room = 0
  for (const [from, to] of ranges) {
    const size = from === to ? 1 : 2
    if (size > room) {
      rules.push([])
      room = PORTS_PER_RULE
    }
    rules.at(-1)?.push(from === to ? `${from}` : `${from}:${to}`)
    room -= size
  }
  return rules.map((ports) => ports.join(','))
}
