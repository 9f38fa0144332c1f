import type { EpochMs, Tuning } from '@warder/core'
import type { RevisionView } from '@warder/protocol/api'
import { fromText, toText } from '../db/document.ts'
import type { Db } from '../db/open.ts'
import type { Place } from '../http/cursor.ts'

/** One numbered whole of the fleet's tuning. */
export interface Revision {
  readonly revision: number
  readonly document: Tuning
}

export type TuningStore = ReturnType<typeof tuningStore>

/** Revisions of the tuning; whole documents, only ever appended. */
export function tuningStore(db: Db) {
  const add = db.prepare<[number, EpochMs, string, string | null, string, string]>(
    'INSERT INTO revisions (revision, at, by_whom, reason, summary, document) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const newest = db.prepare<[], { revision: number; document: string }>(
    'SELECT revision, document FROM revisions ORDER BY revision DESC LIMIT 1',
  )
  const page = db.prepare<[number, number], RevisionView>(
    'SELECT revision, at, by_whom AS "by", reason, summary FROM revisions WHERE revision < ? ORDER BY revision DESC LIMIT ?',
  )
  return {
    add: ({ revision, at, by, reason, summary }: RevisionView, document: Tuning) =>
      void add.run(revision, at, by, reason, summary, toText(document)),
    newest(): Revision | null {
      const row = newest.get()
      return row ? { revision: row.revision, document: fromText<Tuning>(row.document) } : null
    },
    /** Newest first, behind a place. */
    page: (after: Place | null, limit: number): RevisionView[] =>
      page.all(after?.id ?? Number.MAX_SAFE_INTEGER, limit),
  }
}
