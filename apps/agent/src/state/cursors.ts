import type { Db } from './open.ts'

/** How far each source was dealt with. */
export interface Cursors {
  get(source: string): string | null
  put(source: string, cursor: string): void
}

export function cursorsStore(db: Db): Cursors {
  const get = db.prepare<[string], string>('SELECT cursor FROM cursors WHERE source = ?').pluck()
  const put = db.prepare(
    'INSERT INTO cursors (source, cursor) VALUES (?, ?) ON CONFLICT DO UPDATE SET cursor = excluded.cursor',
  )
  return { get: (source) => get.get(source) ?? null, put: (source, cursor) => void put.run(source, cursor) }
}
