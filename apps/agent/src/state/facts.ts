import type { Db } from './open.ts'

/** Single values by name: identity, settings, marks. */
export interface Facts {
  get(name: string): string | null
  /** Null takes it away. */
  set(name: string, value: string | null): void
}

export function factsStore(db: Db): Facts {
  const get = db.prepare<[string], string>('SELECT value FROM facts WHERE name = ?').pluck()
  const put = db.prepare(
    'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const drop = db.prepare('DELETE FROM facts WHERE name = ?')
  return {
    get: (name) => get.get(name) ?? null,
    set(name, value) {
      if (value === null) drop.run(name)
      else put.run(name, value)
    },
  }
}
