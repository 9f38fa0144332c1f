import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COUNTER_SQL } from './counter-store.ts'
import { ORDER_SQL } from './order-store.ts'
import { openLabDatabase, planOf } from './lab.ts'
import { isLocked, lockFolder } from './lock.ts'
import { migrate, shippedMigrations } from './migrate.ts'
import { openDb } from './open.ts'
import { transactionsOf } from './tx.ts'
import { Writer } from '../storage/writer.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-db-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the database', () => {
  it('may be read by its owner only, with what SQLite puts beside it', () => {
    const db = openDb(join(folder, 'x.sqlite'))
    migrate(db)
    for (const end of ['', '-wal', '-shm'])
      expect(statSync(join(folder, `x.sqlite${end}`)).mode & 0o777).toBe(0o600)
    db.close()
  })

  it('is brought to the newest step once', () => {
    const db = openDb(join(folder, 'x.sqlite'))
    expect(migrate(db)).toBe(shippedMigrations().length)
    expect(migrate(db)).toBe(0)
    db.close()
  })

  it('keeps a step whole or not at all', () => {
    const db = openDb(join(folder, 'x.sqlite'))
    const broken = {
      number: 1,
      name: 'broken',
      sql: 'CREATE TABLE a (x INTEGER); CREATE TABLE a (y INTEGER);',
    }
    expect(() => migrate(db, [broken])).toThrow(/already exists/)
    expect(migrate(db, [{ ...broken, sql: 'CREATE TABLE a (x INTEGER);' }])).toBe(1)
    db.close()
  })

  it('of a newer server is left alone', () => {
    const db = openDb(join(folder, 'x.sqlite'))
    migrate(db)
    expect(() => migrate(db, [])).toThrow(/newer Warder/)
    db.close()
  })

  it('has the schema that is written down', async () => {
    using lab = openLabDatabase()
    const statements = lab.db
      .prepare<[], { sql: string }>(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
      )
      .all()
      .map(({ sql }) => `${sql};\n`)
    await expect(
      `-- The sum of all migrations, written by src/sqlite/db.test.ts (vitest -u).\n\n${statements.join('\n')}`,
    ).toMatchFileSnapshot('./schema.sql')
  })

  it.each([
    ['buckets', 'counters_by_time'],
    ['totals', 'counters_by_time'],
    ['ofNode', 'sqlite_autoindex_counters_1'],
    ['nodeBuckets', 'PRIMARY KEY'],
    ['forgetNodes', 'PRIMARY KEY'],
    ['forget', 'counters_by_time'],
    ['countries', 'PRIMARY KEY'],
    ['largest', 'address_counts_by_failures'],
    ['address', 'PRIMARY KEY'],
    ['forgetAddresses', 'PRIMARY KEY'],
  ] as const)('answers counters "%s" from %s', (name, index) => {
    using lab = openLabDatabase()
    expect(planOf(lab.db, COUNTER_SQL[name])).toContain(index)
  })

  it('finds unfinished orders by their node', () => {
    using lab = openLabDatabase()
    expect(planOf(lab.db, ORDER_SQL.unfinished)).toContain('orders_unfinished')
  })
})

describe('the lock of a data folder', () => {
  it('is had by one, and free again when that one lets go', () => {
    const file = join(folder, 'lock.sqlite')
    const first = lockFolder(file)
    expect(first).not.toBeNull()
    expect(lockFolder(file, 0)).toBeNull()
    expect(isLocked(file)).toBe(true)
    first?.[Symbol.dispose]()
    const second = lockFolder(file)
    expect(second).not.toBeNull()
    second?.[Symbol.dispose]()
  })
})

describe('the writer', () => {
  it('puts what comes together into one transaction and tells after the commit', async () => {
    const db = openDb(join(folder, 'x.sqlite'))
    db.exec('CREATE TABLE t (x INTEGER PRIMARY KEY)')
    const writer = new Writer(transactionsOf(db))
    const add = db.prepare<[number]>('INSERT INTO t VALUES (?)')
    const told: string[] = []
    const job = (x: number) => ({
      write: () => void add.run(x),
      done: () => void told.push(`${x} done, in a transaction: ${db.inTransaction}`),
      failed: () => void told.push(`${x} failed`),
    })
    for (const x of [1, 2, 2, 3]) writer.add(job(x))
    expect(told).toEqual([])
    await expect.poll(() => told.length).toBe(4)
    // The twin of 2 fails alone.
    expect(told).toEqual([
      '1 done, in a transaction: false',
      '2 done, in a transaction: false',
      '2 failed',
      '3 done, in a transaction: false',
    ])
    expect(db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM t').get()).toEqual({ n: 3 })
    db.close()
  })
})
