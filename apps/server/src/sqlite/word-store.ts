import type { NodeEvent } from '@warder/core'
import type { EventView } from '@warder/protocol/api'
import type { EventFilter } from '../events/store.ts'
import { EVENT_SELECT, readEvent, whereOf, type StoredEvent } from './event-store.ts'
import { wordsOf, type Term } from '../events/words.ts'
import type { Place } from '../http/cursor.ts'
import { fromText } from './document.ts'
import { matchOf } from './match.ts'
import { makeNear } from './near.ts'
import { sieveOf } from './sieve.ts'
import type { Db } from './open.ts'
import { placeholders, type Where } from './where.ts'

/**
 * Events that are looked through one by one for the beginning of a word, before the index is asked: that gathers all words
 * that begin so from all of history, which takes seconds where very many do, and those are found near.
 */
const NEAR = 4_000

export type WordStore = ReturnType<typeof wordStore>

/** Finds events by the words in them. The index follows the events in steps of its own, a moment behind. */
export function wordStore(db: Db) {
  const reached = db.prepare<[], { seq: number }>('SELECT seq FROM event_words_state')
  const reach = db.prepare<[number]>('UPDATE event_words_state SET seq = ?')
  const next = db.prepare<[number, number], { seq: number; body: string }>(
    'SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
  )
  const add = db.prepare<[number, string]>('INSERT INTO event_words (rowid, words) VALUES (?, ?)')
  const index = db.transaction((limit: number): number => {
    const rows = next.all(reached.get()?.seq ?? 0, limit)
    for (const { seq, body } of rows) {
      const words = wordsOf(fromText<NodeEvent>(body))
      if (words !== null) add.run(seq, words)
    }
    const last = rows.at(-1)
    if (last !== undefined) reach.run(last.seq)
    return rows.length
  })
  const newest = db.prepare<[number, number], { seq: number; body: string }>(
    'SELECT seq, body FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ?',
  )
  let findNear: ReturnType<typeof makeNear> | null = null

  /** At most `limit` events of the index before a number. The index is walked from its end, and the walk ends with the page. */
  const far = (match: string, where: Where, before: number, limit: number): EventView[] =>
    db
      .prepare<(string | number | null)[], StoredEvent>(
        `${EVENT_SELECT} JOIN event_words ON event_words.rowid = events.seq
         WHERE event_words MATCH ? AND event_words.rowid < ? ${rest(where)} ORDER BY event_words.rowid DESC LIMIT ?`,
      )
      .all(match, before, ...where.params, limit)
      .map(readEvent)

  /** At most `limit` events out of the newest before a number; `until`: the oldest that was looked at, null when it was the first of all. */
  const near = (terms: readonly Term[], where: Where, before: number, limit: number) => {
    const events = newest.all(before, NEAR)
    const mayHold = sieveOf(terms)
    const worded = events.flatMap(({ seq, body }) => {
      if (!mayHold(body)) return []
      const words = wordsOf(fromText<NodeEvent>(body))
      return words === null ? [] : [{ seq, words }]
    })
    findNear ??= makeNear()
    const read = db.prepare<(string | number | null)[], StoredEvent>(
      `${EVENT_SELECT} WHERE seq = ? ${rest(where)}`,
    )
    const found: EventView[] = []
    for (const seq of findNear(worded, matchOf(terms))) {
      const row = read.get(seq, ...where.params)
      if (row !== undefined) found.push(readEvent(row))
      if (found.length === limit) break
    }
    return { found, until: events.length < NEAR ? null : (events.at(-1)?.seq ?? null) }
  }

  return {
    /** Takes at most `limit` events into the index, in one transaction; answers how many. */
    index: (limit: number): number => index.immediate(limit),
    /** At most `limit` events behind a place that hold all terms, those that came last first. */
    search(terms: readonly Term[], filter: EventFilter, after: Place | null, limit: number): EventView[] {
      if (terms.length === 0) return []
      const where = whereOf(filter, null)
      if (filter.kinds.length > 0)
        where.and(`kind IN (${placeholders(filter.kinds.length)})`, ...filter.kinds)
      const match = matchOf(terms)
      const before = after?.id ?? Number.MAX_SAFE_INTEGER
      if (!terms.some(({ begins }) => begins)) return far(match, where, before, limit)
      const { found, until } = near(terms, where, before, limit)
      if (until === null || found.length >= limit) return found
      return [...found, ...far(match, where, until, limit - found.length)]
    },
  }
}

/** Conditions behind others. */
const rest = (where: Where): string => where.sql.replace(/^WHERE/, 'AND')
