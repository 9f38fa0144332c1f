import type { EpochMs, Misread } from '@warder/core'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { ListRow, ListWish, FetchNote, ListState, ListStore } from '../lists/store.ts'

const COLUMNS = `id, kind, name, note, created_at AS createdAt, created_by AS createdBy, changed_at AS changedAt,
  changed_by AS changedBy, url, hours, tried_at AS triedAt, fetched_at AS fetchedAt, etag, trouble, bad, misread`

/** Lists, without what is on them. */
export function listStore(db: Db): ListStore {
  type Stored = Omit<ListRow, 'misread'> & { readonly misread: string }
  const read = (row: Stored): ListRow => ({ ...row, misread: fromText<readonly Misread[]>(row.misread) })
  const all = db.prepare<[], Stored>(`SELECT ${COLUMNS} FROM lists ORDER BY name`)
  const byName = db.prepare<[string], Stored>(`SELECT ${COLUMNS} FROM lists WHERE name = ?`)
  const add = db.prepare<[string, string, string, string | null, number, EpochMs, string, EpochMs, string]>(
    `INSERT INTO lists (kind, name, note, url, hours, created_at, created_by, changed_at, changed_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const describe = db.prepare<[string, string | null, number, number]>(
    'UPDATE lists SET note = ?, url = ?, hours = ? WHERE id = ?',
  )
  const touch = db.prepare<[EpochMs, string, number]>(
    'UPDATE lists SET changed_at = ?, changed_by = ? WHERE id = ?',
  )
  const noteFetch = db.prepare<
    [EpochMs | null, EpochMs | null, string | null, string | null, number, string, number]
  >('UPDATE lists SET tried_at = ?, fetched_at = ?, etag = ?, trouble = ?, bad = ?, misread = ? WHERE id = ?')
  const remove = db.prepare<[number]>('DELETE FROM lists WHERE id = ?')
  const state = db.prepare<[], ListState>('SELECT revision, stamp FROM list_state')
  const bump = db.prepare<[string]>('UPDATE list_state SET revision = revision + 1, stamp = ?')
  return {
    all: (): readonly ListRow[] => all.all().map(read),
    byName(name: string): ListRow | null {
      const row = byName.get(name)
      return row ? read(row) : null
    },
    add({ kind, name, note, url, hours }: ListWish, by: string, at: EpochMs): number {
      return Number(add.run(kind, name, note, url, hours, at, by, at, by).lastInsertRowid)
    },
    describe: (id: number, { note, url, hours }: Pick<ListRow, 'note' | 'url' | 'hours'>) =>
      void describe.run(note, url, hours, id),
    touch: (id: number, by: string, at: EpochMs) => void touch.run(at, by, id),
    noteFetch: (id: number, { triedAt, fetchedAt, etag, trouble, bad, misread }: FetchNote) =>
      void noteFetch.run(triedAt, fetchedAt, etag, trouble, bad, toText(misread), id),
    remove: (id: number) => void remove.run(id),
    state: (): ListState => state.get() ?? { revision: 0, stamp: '' },
    bump: (stamp: string) => void bump.run(stamp),
  }
}
