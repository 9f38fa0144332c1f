import type { EpochMs, Tuning } from '@warder/core'
import type { RevisionView } from '@warder/protocol/api'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { Place } from '../http/cursor.ts'
import type { Told, TuningStore } from '../tuning/store.ts'

/** Revisions of the tuning; whole documents, only ever appended. */
export function tuningStore(db: Db): TuningStore {
  type Stored = RevisionView & { readonly document: string }
  const VIEW = 'revision, at, by_whom AS "by", reason, summary, confirm_within AS confirmWithin'
  const add = db.prepare<[number, EpochMs, string, string | null, string, number | null, string]>(
    'INSERT INTO revisions (revision, at, by_whom, reason, summary, confirm_within, document) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const newest = db.prepare<[], Stored>(
    `SELECT ${VIEW}, document FROM revisions ORDER BY revision DESC LIMIT 1`,
  )
  const byNumber = db.prepare<[number], Stored>(`SELECT ${VIEW}, document FROM revisions WHERE revision = ?`)
  const page = db.prepare<[number, number], RevisionView>(
    `SELECT ${VIEW} FROM revisions WHERE revision < ? ORDER BY revision DESC LIMIT ?`,
  )
  const read = ({ document, ...view }: Stored): Told => ({ ...view, document: fromText<Tuning>(document) })
  return {
    add: ({ revision, at, by, reason, summary, confirmWithin }: RevisionView, document: Tuning) =>
      void add.run(revision, at, by, reason, summary, confirmWithin, toText(document)),
    newest(): Told | null {
      const row = newest.get()
      return row ? read(row) : null
    },
    byNumber(revision: number): Told | null {
      const row = byNumber.get(revision)
      return row ? read(row) : null
    },
    page: (after: Place | null, limit: number): RevisionView[] =>
      page.all(after?.id ?? Number.MAX_SAFE_INTEGER, limit),
  }
}
