import type { EpochMs, NodeEvent } from '@warder/core'
import type { EventView } from '@warder/protocol/api'
import { fromText, toText } from '../db/document.ts'
import type { Db } from '../db/open.ts'
import { Where } from '../db/where.ts'
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

/** An event as its columns are read. */
export interface StoredEvent {
  readonly seq: number
  readonly node: string
  readonly at: EpochMs
  readonly body: string
}

/** The columns of an event that is read. */
export const EVENT_SELECT =
  'SELECT seq, nodes.name AS node, at, body FROM events JOIN nodes ON nodes.id = events.node_id'

/** The statements whose plans are proved to use an index. */
export const EVENT_SQL = {
  since: `${EVENT_SELECT} WHERE seq > ? ORDER BY seq LIMIT ?`,
  // Two look-ups: both at once would walk through the whole table.
  ends: `SELECT COALESCE((SELECT MAX(seq) FROM events), 0) AS newest, COALESCE((SELECT MIN(seq) FROM events), 0) AS oldest`,
  failuresSince: `${EVENT_SELECT} WHERE kind = 'failure.found' AND at > ? ORDER BY at DESC, seq DESC LIMIT ?`,
  countSince: 'SELECT COUNT(*) AS n FROM events WHERE kind = ? AND at > ?',
  forget:
    'DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE kind = ? AND at < ? ORDER BY at LIMIT ?)',
  nthFailure: "SELECT at FROM events WHERE kind = 'failure.found' ORDER BY at DESC LIMIT 1 OFFSET ?",
  nthOther:
    "SELECT at FROM events WHERE kind NOT IN ('failure.found', 'failure.ignored') ORDER BY at DESC LIMIT 1 OFFSET ?",
} as const

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
const kindsIn = (group: EventGroup): readonly string[] =>
  Object.entries(GROUP_OF).flatMap(([kind, of]) => (of === group ? [kind] : []))

/** The jail and the target that an event is about, where it is about one. */
export function subjectOf(event: NodeEvent): { readonly jail: string | null; readonly ip: string | null } {
  if ('ban' in event) return { jail: event.ban.jail, ip: event.ban.ip }
  return { jail: 'jail' in event ? event.jail : null, ip: 'ip' in event ? event.ip : null }
}

/** Stored columns → an event in history. */
export const readEvent = ({ seq, node, at, body }: StoredEvent): EventView => ({
  seq,
  node,
  at,
  event: fromText<EventView['event']>(body),
})

/** The conditions of a filter for one kind, or for every kind. */
export function whereOf(filter: EventFilter, kind: string | null): Where {
  const where = new Where()
  if (kind !== null) where.and('kind = ?', kind)
  if (filter.nodeId !== null) where.and('node_id = ?', filter.nodeId)
  if (filter.jail !== null) where.and('jail = ?', filter.jail)
  if (filter.ip !== null) where.and('ip = ?', filter.ip)
  return where
}

/** The statement of a page, newest first. */
export const pageSql = (where: Where): string =>
  `${EVENT_SELECT} ${where.sql} ORDER BY at DESC, seq DESC LIMIT ?`

const newestFirst = (one: EventView, other: EventView): number => other.at - one.at || other.seq - one.seq

export type EventStore = ReturnType<typeof eventStore>

/** Everything that nodes reported, numbered in the order of arrival. */
export function eventStore(db: Db) {
  const add = db.prepare<[number, number, number, EpochMs, string, string | null, string | null, string]>(
    'INSERT INTO events (node_id, outbox_id, outbox_seq, at, kind, jail, ip, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const since = db.prepare<[number, number], StoredEvent>(EVENT_SQL.since)
  const ends = db.prepare<[], { newest: number; oldest: number }>(EVENT_SQL.ends)
  const failuresSince = db.prepare<[EpochMs, number], StoredEvent>(EVENT_SQL.failuresSince)
  const countSince = db.prepare<[string, EpochMs], { n: number }>(EVENT_SQL.countSince)
  const forget = db.prepare<[string, EpochMs, number]>(EVENT_SQL.forget)
  const nth = {
    failures: db.prepare<[number], { at: EpochMs }>(EVENT_SQL.nthFailure),
    others: db.prepare<[number], { at: EpochMs }>(EVENT_SQL.nthOther),
  }

  const pageOf = (where: Where, after: Place | null, limit: number): EventView[] => {
    if (after !== null) where.and('(at, seq) < (?, ?)', after.at, after.id)
    return db
      .prepare<(string | number | null)[], StoredEvent>(pageSql(where))
      .all(...where.params, limit)
      .map(readEvent)
  }
  return {
    /** Writes an event down; answers its number. */
    add(row: NewEvent): number {
      const { jail, ip } = subjectOf(row.event)
      const { kind } = row.event
      const done = add.run(row.nodeId, row.outboxId, row.outboxSeq, row.at, kind, jail, ip, toText(row.event))
      return Number(done.lastInsertRowid)
    },
    /** At most `limit` events behind a place, newest first. Each kind has its own walk along the index. */
    page(filter: EventFilter, after: Place | null, limit: number): EventView[] {
      const kinds = filter.kinds.length === 0 ? [null] : [...new Set(filter.kinds)]
      const found = kinds.flatMap((kind) => pageOf(whereOf(filter, kind), after, limit))
      return kinds.length === 1 ? found : found.toSorted(newestFirst).slice(0, limit)
    },
    /** At most `limit` events behind a number, oldest first. */
    since: (seq: number, limit: number): EventView[] => since.all(seq, limit).map(readEvent),
    /** The newest and the oldest number; 0 when there is none. */
    ends: () => ends.get() ?? { newest: 0, oldest: 0 },
    /** At most `limit` failures from after a moment, the newest of them, oldest first. */
    failuresSince: (at: EpochMs, limit: number): readonly EventView[] =>
      failuresSince.all(at, limit).map(readEvent).toReversed(),
    countSince: (kind: NodeEvent['kind'], at: EpochMs): number => countSince.get(kind, at)?.n ?? 0,
    /** Forgets at most `limit` events of each kind of a group from before a moment; answers how many. */
    forget(group: EventGroup, before: EpochMs, limit: number): number {
      return kindsIn(group).reduce((sum, kind) => sum + forget.run(kind, before, limit).changes, 0)
    },
    /** When the newest event of a group happened that has `rows` newer ones; null: there are not so many. Walks over all of them. */
    rankedAt: (group: EventGroup, rows: number): EpochMs | null => nth[group].get(rows)?.at ?? null,
  }
}
