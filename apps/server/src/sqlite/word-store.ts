import type { NodeEvent } from '@warder/core'
import type { EventView } from '@warder/protocol/api'
import type { EventFilter } from '../events/store.ts'
import { EVENT_SELECT, readEvent, whereOf, type StoredEvent } from './event-store.ts'
import { wordsOf, type Term } from '../events/words.ts'
import type { Place } from '../http/cursor.ts'
import { fromText } from './document.ts'
import { matchOf } from './match.ts'
import type { Db } from './open.ts'

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
  return {
    /** Takes at most `limit` events into the index, in one transaction; answers how many. */
    index: (limit: number): number => index.immediate(limit),
    /** At most `limit` events behind a place that hold all terms, those that came last first. */
    search(terms: readonly Term[], filter: EventFilter, after: Place | null, limit: number): EventView[] {
      if (terms.length === 0) return []
      const where = whereOf(filter, null)
      if (filter.kinds.length > 0)
        where.and(`kind IN (${filter.kinds.map(() => '?').join(', ')})`, ...filter.kinds)
      const rest = where.sql.replace(/^WHERE/, 'AND')
      // The index is walked from its end, and the walk ends with the page: nothing is sorted.
      return db
        .prepare<(string | number | null)[], StoredEvent>(
          `${EVENT_SELECT} JOIN event_words ON event_words.rowid = events.seq
           WHERE event_words MATCH ? AND event_words.rowid < ? ${rest} ORDER BY event_words.rowid DESC LIMIT ?`,
        )
        .all(matchOf(terms), after?.id ?? Number.MAX_SAFE_INTEGER, ...where.params, limit)
        .map(readEvent)
    },
  }
}
