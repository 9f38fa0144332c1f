import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Db } from './open.ts'

/** One step of the schema. Steps are numbered from 1 without gaps and never edited once released. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

const FORM = /^(\d{4})-([a-z0-9-]+)\.sql$/

/** The steps that came with the server: beside a bundle, or beside `src`. */
export function shippedMigrations(): readonly Migration[] {
  const folder = fileURLToPath(new URL('./migrations/', import.meta.url))
  if (!existsSync(folder)) throw new Error(`the migrations are missing; looked in ${folder}`)
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const found = FORM.exec(file)
      if (!found?.[1] || !found[2]) return []
      return [{ number: Number(found[1]), name: found[2], sql: readFileSync(join(folder, file), 'utf8') }]
    })
}

/**
 * Brings a database to the newest step, each step in a transaction of its own; answers how many were taken.
 * @throws when the database is newer than this server, or a number is missing.
 */
export function migrate(db: Db, steps: readonly Migration[] = shippedMigrations()): number {
  db.exec('CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)')
  const done =
    db.prepare<[], { newest: number }>('SELECT COALESCE(MAX(number), 0) AS newest FROM migrations').get()
      ?.newest ?? 0
  steps.forEach((step, index) => {
    if (step.number !== index + 1) throw new Error(`migration ${index + 1} is missing`)
  })
  if (done > steps.length) {
    throw new Error(
      `the history was written by a newer Warder (step ${done}, this one knows ${steps.length}). Install that version again.`,
    )
  }
  const note = db.prepare<[number, string]>('INSERT INTO migrations (number, name) VALUES (?, ?)')
  const todo = steps.slice(done)
  for (const step of todo) {
    db.transaction(() => {
      db.exec(step.sql)
      note.run(step.number, step.name)
    }).immediate()
  }
  return todo.length
}
