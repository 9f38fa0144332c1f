import { contains, isSubnet } from '@warder/core'
import type { BanView, EventView, ListEntry, ListView, NodeView } from '@warder/protocol/api'

/** Which events of an address are shown. */
export type LogKind = 'all' | 'failures' | 'bans' | 'unbans'

const KINDS: Readonly<Record<LogKind, readonly string[]>> = {
  all: [],
  failures: ['failure.found', 'failure.ignored'],
  bans: ['ban.added', 'ban.extended', 'ban.refused'],
  unbans: ['ban.lifted', 'ban.expired'],
}

/** What is asked of the events. `node` null: all. */
export interface LogFilter {
  readonly kind: LogKind
  readonly node: string | null
}

/** `203.0.113.0/24` → `203.0.113.*`: the words that addresses inside begin with; null where a prefix ends inside of one. */
function beginningOf(subnet: string): string | null {
  const [network = '', bits = ''] = subnet.split('/')
  const [step, mark] = network.includes(':') ? [16, ':'] : [8, '.']
  const count = Number(bits) / step
  if (!Number.isInteger(count) || count === 0) return null
  const parts = network.split(mark).filter((part) => part !== '')
  // Zeros that are written as :: cannot be looked for as a beginning.
  return parts.length < count ? null : `${parts.slice(0, count).join(mark)}${mark}*`
}

/** A filter of an address's events → the query of the API. Of a subnet also what happened to addresses in it. */
export function logQuery(
  ip: string,
  { kind, node }: LogFilter,
): { readonly ip?: string; readonly q?: string; readonly kind?: string; readonly node?: string } {
  const within = isSubnet(ip) ? beginningOf(ip) : null
  const kinds = KINDS[kind].join(',')
  return {
    ...(within === null ? { ip } : { q: within }),
    ...(kinds === '' ? {} : { kind: kinds }),
    ...(node === null ? {} : { node }),
  }
}

/** The address that an event is about, where it is about one. */
export function ipOf({ event }: EventView): string | null {
  if ('ban' in event) return event.ban.ip
  return 'ip' in event ? event.ip : null
}

/** Whether an event concerns an address or subnet: its own, one around it that was banned, or one inside. */
export function concerns(ip: string, view: EventView): boolean {
  const about = ipOf(view)
  if (about === null) return false
  return about === ip || contains(ip, about) || (view.event.kind.startsWith('ban.') && contains(about, ip))
}

/** Whether an event belongs into what a filter shows. */
export const passes = ({ kind, node }: LogFilter, view: EventView): boolean =>
  (node === null || view.node === node) && (kind === 'all' || KINDS[kind].includes(view.event.kind))

/** Why some nodes never ban an address. */
export interface NeverThere {
  readonly reason: NonNullable<NodeView['never']>['groups'][number]['reason']
  readonly nodes: readonly string[]
}

/** On which nodes an address is never banned, by the reason why, as far as they tell. */
export function neverOn(ip: string, nodes: readonly NodeView[]): readonly NeverThere[] {
  const found = nodes.flatMap(({ name, never }) => {
    const group = never?.groups.find(({ targets }) => targets.some(({ target }) => contains(target, ip)))
    return group === undefined ? [] : [{ reason: group.reason, name }]
  })
  return [...Map.groupBy(found, ({ reason }) => reason)].map(([reason, list]) => ({
    reason,
    nodes: list.map(({ name }) => name),
  }))
}

/** An entry of a list that holds an address. */
export interface OnList {
  readonly list: string
  readonly kind: ListView['kind']
  readonly entry: ListEntry
}

/** The entries of a list that contain an address; those inside a subnet are about less than it. */
export const holding = (ip: string, list: ListView, entries: readonly ListEntry[]): readonly OnList[] =>
  entries
    .filter((entry) => contains(entry.ip, ip))
    .map((entry) => ({ list: list.name, kind: list.kind, entry }))

/** Bans whose evidence differs: what one order or one policy copied to several nodes is told once. */
export const told = (bans: readonly BanView[]): readonly BanView[] => [
  ...new Map(bans.map((ban) => [JSON.stringify([ban.ip, ban.why, ban.ticket]), ban])).values(),
]
