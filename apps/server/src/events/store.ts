import type { EpochMs, NodeEvent } from '@warder/core'
import type { EventView } from '@warder/protocol/api'
import type { Place } from '../http/cursor.ts'

/** An event on its way into history. */
export interface NewEvent {
  readonly nodeId: number
  readonly outboxId: number
  /** Its number in the outbox. */
  readonly outboxSeq: number
  readonly at: EpochMs
  readonly event: NodeEvent
}

/** Which events to list; several kinds are alternatives. */
export interface EventFilter {
  readonly nodeId: number | null
  readonly jail: string | null
  readonly ip: string | null
  readonly kinds: readonly string[]
}

/** Events are kept by group: failures, of which there are very many, and all others. */
export type EventGroup = 'failures' | 'others'

const GROUP_OF: Readonly<Record<NodeEvent['kind'], EventGroup>> = {
  'agent.started': 'others',
  'failure.found': 'failures',
  'failure.ignored': 'failures',
  'success.found': 'others',
  'ban.added': 'others',
  'ban.extended': 'others',
  'ban.lifted': 'others',
  'ban.expired': 'others',
  'ban.refused': 'others',
  'order.finished': 'others',
  'jail.started': 'others',
  'jail.stopped': 'others',
  'jail.tried': 'others',
  'source.lost': 'others',
  'source.regained': 'others',
  'firewall.failed': 'others',
  'firewall.drifted': 'others',
  'firewall.suspended': 'others',
  'firewall.resumed': 'others',
  'settings.applied': 'others',
  'settings.refused': 'others',
  'lists.applied': 'others',
  'outbox.gapped': 'others',
}

/** The kinds of a group. */
export const kindsIn = (group: EventGroup): readonly string[] =>
  Object.entries(GROUP_OF).flatMap(([kind, of]) => (of === group ? [kind] : []))

/** The jail and the target that an event is about, where it is about one. */
export function subjectOf(event: NodeEvent): { readonly jail: string | null; readonly ip: string | null } {
  if ('ban' in event) return { jail: event.ban.jail, ip: event.ban.ip }
  return { jail: 'jail' in event ? event.jail : null, ip: 'ip' in event ? event.ip : null }
}

/** Everything that nodes reported, numbered in the order of arrival. */
export interface EventStore {
  /** Writes an event down; answers its number. */
  add(row: NewEvent): number
  /** At most `limit` events behind a place, newest first. Each kind has its own walk along the index. */
  page(filter: EventFilter, after: Place | null, limit: number): EventView[]
  /** At most `limit` events behind a number, oldest first. */
  since(seq: number, limit: number): EventView[]
  /** The newest and the oldest number; 0 when there is none. */
  ends(): { newest: number; oldest: number }
  /** At most `limit` failures from after a moment, the newest of them, oldest first. */
  failuresSince(at: EpochMs, limit: number): readonly EventView[]
  /** Forgets at most `limit` events of each kind of a group from before a moment; answers how many. */
  forget(group: EventGroup, before: EpochMs, limit: number): number
  /** When the newest event of a group happened that has `rows` newer ones; null: there are not so many. Walks over all of them. */
  rankedAt(group: EventGroup, rows: number): EpochMs | null
}
