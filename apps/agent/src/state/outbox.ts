import { randomUUID } from 'node:crypto'
import type { NodeEvent } from '@warder/core'
import { nodeEvent, type OutboxEvent } from '@warder/protocol'
import type { Facts } from './facts.ts'
import type { Db } from './open.ts'
import { MOST_VALUES, WORTH_PACKING, type Packed, type Packs } from './packs.ts'

export const OUTBOX_LIMIT = 200_000
/** How far the mark of what may have been sent runs ahead, so that not every message writes it. */
const SENT_AHEAD = 2_000

/** So many are packed, and handed to SQLite, at a time: their texts are not all in memory. */
const AT_ONCE = 1_536
/** A rank, a place and a pack in one number take the place of a list in JSON. */
const RANKS = 4

/** Which events go first when there are too many: gap notices are merged, failures go, the rest goes last. */
const RANK = { failure: 1, gap: 2, other: 0 } as const

/** Events that the server has not acknowledged yet, numbered in the order they became true. */
export interface Outbox {
  /** A new state file has a new one, and its numbers start again. */
  id(): string
  append(events: readonly NodeEvent[], at: number): void
  /** The next events after a number. */
  read(after: number, most: number): readonly OutboxEvent[]
  /** Notes that events up to this number may be on the link: their numbers are theirs for good. */
  markSent(upTo: number): void
  forget(upTo: number): void
  depth(): number
  /** The number of the last event that was ever appended; 0 when none was. */
  last(): number
  /**
   * Fits what is kept to what the server says it has. Where it has less than was forgotten (a restored backup) a
   * gap notice is put in front; where it has more than there is (ours is a restored backup) the outbox gets a new
   * id and new numbers. Returns whether the id changed.
   */
  agree(acked: number, at: number): boolean
  /** To be called when a transaction was rolled back: what is counted in memory is counted again. */
  recount(): void
}

interface Row {
  readonly seq: number
  readonly at: number
  readonly rank: number
  /** Empty where it lies in a pack. */
  readonly event: string
  readonly pack: number | null
  readonly place: number
}

/** What an outbox is kept in. */
interface Store {
  readonly db: Db
  readonly facts: Facts
  readonly packs: Packs
}

export function outboxStore({ db, facts, packs }: Store, limit: number = OUTBOX_LIMIT): Outbox {
  const insert = db.prepare('INSERT INTO outbox (at, rank, event, pack, place) VALUES (?, ?, ?, ?, ?)')
  // Many rows by one statement: most of what a row costs is to be handed over.
  const insertMany = db.prepare(
    `INSERT INTO outbox (at, rank, event, pack, place)
      SELECT ?, value % ${RANKS}, '', value / ${RANKS * MOST_VALUES}, value / ${RANKS} % ${MOST_VALUES}
      FROM json_each(?) ORDER BY key`,
  )
  const insertAt = db.prepare(
    'INSERT INTO outbox (seq, at, rank, event, pack, place) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const after = db.prepare<[number, number], Row>('SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?')
  const range = db.prepare<[number, number], Row>(
    'SELECT * FROM outbox WHERE seq BETWEEN ? AND ? ORDER BY seq',
  )
  const dropRange = db.prepare('DELETE FROM outbox WHERE seq BETWEEN ? AND ?')
  const dropUpTo = db.prepare('DELETE FROM outbox WHERE seq <= ?')
  const first = db.prepare<[], number | null>('SELECT min(seq) FROM outbox').pluck()
  const count = db.prepare<[], number>('SELECT count(*) FROM outbox').pluck()
  const lastEver = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").pluck()
  const restart = db.prepare("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'outbox'")
  const failures = db
    .prepare<[number, number], number>(
      'SELECT seq FROM outbox WHERE rank = 1 AND seq > ? ORDER BY seq LIMIT ?',
    )
    .pluck()
  const before = db.prepare<[number, number], Row>(
    'SELECT * FROM outbox WHERE seq < ? AND seq > ? ORDER BY seq DESC LIMIT 1',
  )

  let depth = count.get() ?? 0
  let sent = Number(facts.get('outbox-sent') ?? 0)
  let id = facts.get('outbox') ?? newId()

  function newId(): string {
    const made = randomUUID()
    facts.set('outbox', made)
    return made
  }

  const putGap = (seq: number, at: number, lost: number): void =>
    void insertAt.run(seq, at, RANK.gap, JSON.stringify({ kind: 'outbox.gapped', lost }), null, 0)

  const valueOf = ({ event, pack, place }: Row): unknown =>
    pack === null ? JSON.parse(event) : packs.get({ pack, place })

  /** Appends events of which failures lie apart, since they go first. */
  function appendPacked(events: readonly NodeEvent[], at: number): void {
    const ranks = events.map(rankOf)
    const ofFailures = placesOf(packs.put(events.filter((_, i) => ranks[i] === RANK.failure)))
    const ofOthers = placesOf(packs.put(events.filter((_, i) => ranks[i] !== RANK.failure)))
    let [failure, other] = [0, 0]
    const numbers = ranks.map((rank) => {
      const place = rank === RANK.failure ? ofFailures[failure++] : ofOthers[other++]
      return (place ?? 0) * RANKS + rank
    })
    insertMany.run(at, JSON.stringify(numbers))
  }

  /** Makes one gap notice of a range's failures; what else is in it moves up right behind the notice. */
  function squeeze(from: number, to: number, at: number, everything: boolean): void {
    const rows = range.all(from, to)
    const kept = everything ? [] : rows.filter((row) => row.rank === RANK.other)
    const lost = rows.reduce((sum, row) => sum + lostBy(row, everything), 0)
    const end = rows.at(-1)?.seq ?? to
    dropRange.run(from, end)
    putGap(end - kept.length, at, lost)
    for (const [i, row] of kept.entries())
      insertAt.run(end - kept.length + 1 + i, row.at, row.rank, row.event, row.pack, row.place)
    depth -= rows.length - kept.length - 1
  }

  function makeRoom(at: number): void {
    const some = Math.max(2, Math.floor(limit / 20))
    const oldest = failures.all(sent, some)
    const [from, to] = [oldest[0], oldest.at(-1)]
    if (from !== undefined && to !== undefined && to > from) {
      const neighbour = before.get(from, sent)
      squeeze(neighbour?.rank === RANK.gap ? neighbour.seq : from, to, at, false)
      return
    }
    const rows = after.all(sent, some)
    const [start, end] = [rows[0], rows.at(-1)]
    if (start && end && end.seq > start.seq) squeeze(start.seq, end.seq, at, true)
  }

  /** Gives everything that is kept new numbers from 1, under a new id. */
  function renew(): void {
    const rows = after.all(0, depth)
    dropUpTo.run(Number.MAX_SAFE_INTEGER)
    restart.run()
    for (const row of rows) insert.run(row.at, row.rank, row.event, row.pack, row.place)
    id = newId()
    facts.set('outbox-sent', null)
    sent = 0
  }

  const last = () => lastEver.get() ?? 0
  return {
    id: () => id,
    last,
    depth: () => depth,
    append(events, at) {
      if (events.length < WORTH_PACKING)
        for (const event of events) insert.run(at, rankOf(event), JSON.stringify(event), null, 0)
      else
        for (let from = 0; from < events.length; from += AT_ONCE)
          appendPacked(events.slice(from, from + AT_ONCE), at)
      depth += events.length
      for (let rounds = 0; depth > limit && rounds < 20; rounds++) makeRoom(at)
    },
    read: (from, most) =>
      after.all(from, most).map((row) => ({ seq: row.seq, at: row.at, event: toEvent(valueOf(row)) })),
    markSent(upTo) {
      if (upTo <= sent) return
      sent = upTo + SENT_AHEAD
      facts.set('outbox-sent', String(sent))
    },
    forget(upTo) {
      depth -= dropUpTo.run(upTo).changes
    },
    agree(acked, at) {
      const end = last()
      if (acked > end) {
        renew()
        return true
      }
      const oldest = first.get() ?? end + 1
      // A number is left out only right before a gap notice: the place before the oldest is free.
      const noticed = after.get(0, 1)?.rank === RANK.gap
      if (acked < oldest - 1 && !noticed) {
        const lost = oldest - 1 - acked
        putGap(oldest - 1, at, lost)
        depth++
      }
      return false
    },
    recount() {
      depth = count.get() ?? 0
      sent = Number(facts.get('outbox-sent') ?? 0)
      id = facts.get('outbox') ?? newId()
    },
  }
}

/** What does not fit the link's schema would be refused by the server for ever: it travels as lost. */
function toEvent(value: unknown): OutboxEvent['event'] {
  const checked = nodeEvent.safeParse(value)
  return checked.success ? checked.data : { kind: 'outbox.gapped', lost: 1 }
}

/** A pack and a place in one number, for each value that was packed. */
const placesOf = (all: readonly Packed[]): readonly number[] =>
  all.flatMap(({ pack, values }) => Array.from({ length: values }, (_, place) => pack * MOST_VALUES + place))

function rankOf(event: NodeEvent): number {
  const isFailure = event.kind === 'failure.found' || event.kind === 'failure.ignored'
  if (isFailure || event.kind === 'success.found') return RANK.failure
  return event.kind === 'outbox.gapped' ? RANK.gap : RANK.other
}

/** How many events are lost with a row: one, or as many as a gap notice tells of. */
function lostBy(row: Row, everything: boolean): number {
  if (row.rank === RANK.gap) {
    const event = toEvent(JSON.parse(row.event))
    return event.kind === 'outbox.gapped' ? event.lost : 1
  }
  return everything || row.rank === RANK.failure ? 1 : 0
}
