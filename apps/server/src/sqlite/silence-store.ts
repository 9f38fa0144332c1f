import type { Silence } from '../notifications/silence.ts'
import type { SilenceStore } from '../notifications/silence-store.ts'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'

/** The one silence that there is: a table of one row at most. */
export function silenceStore(db: Db): SilenceStore {
  const get = db.prepare<[], { document: string }>('SELECT document FROM silences')
  const put = db.prepare<[string]>('INSERT OR REPLACE INTO silences (id, document) VALUES (1, ?)')
  const remove = db.prepare<[]>('DELETE FROM silences')
  return {
    get(): Silence | null {
      const row = get.get()
      return row === undefined ? null : fromText<Silence>(row.document)
    },
    put: (silence: Silence | null): void => void (silence === null ? remove.run() : put.run(toText(silence))),
  }
}
