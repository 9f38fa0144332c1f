import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOON } from '../lab/server.ts'
import { openLabDatabase } from './lab.ts'
import { migrate, shippedMigrations } from './migrate.ts'
import { openDb, type Db } from './open.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-migrate-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const steps = shippedMigrations()
const EVENT = {
  kind: 'failure.found',
  jail: 'sshd',
  ip: '203.0.113.9',
  failedAt: NOON,
  line: 'bad login of root',
}

/** A little history, as the first step had it. */
function fill(db: Db): void {
  const ip = `0000000000000000000000ffffcb007109`.slice(-32)
  db.exec(`
    INSERT INTO nodes (id, name, enrolled_at) VALUES (1, 'pve1', ${NOON});
    INSERT INTO node_keys (public_key, node_id, added_at) VALUES ('key', 1, ${NOON});
    INSERT INTO outboxes (id, node_id, outbox, acked) VALUES (1, 1, 'outbox-1', 1);
    INSERT INTO bans (node_id, jail, ip, first_address, last_address, at, until, origin, words)
      VALUES (1, 'sshd', '203.0.113.9', '${ip}', '${ip}', ${NOON}, ${NOON + 600_000}, 'detected', '203.0.113.9 sshd');
  `)
  db.prepare(
    `INSERT INTO events (node_id, outbox_id, outbox_seq, at, kind, jail, ip, body) VALUES (1, 1, 1, ?, ?, ?, ?, ?)`,
  ).run(NOON, EVENT.kind, EVENT.jail, EVENT.ip, JSON.stringify(EVENT))
}

const schemaOf = (db: Db): unknown =>
  db
    .prepare("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name")
    .all()

describe('a history', () => {
  it.each(steps.map(({ number, name }) => [number, name] as const))(
    'of step %i (%s) is brought to the newest, with all that is in it',
    (number) => {
      const db = openDb(join(folder, 'x.sqlite'))
      migrate(db, steps.slice(0, 1))
      fill(db)
      migrate(db, steps.slice(0, number))
      expect(migrate(db)).toBe(steps.length - number)
      using fresh = openLabDatabase()
      expect(schemaOf(db)).toEqual(schemaOf(fresh.db))
      expect(db.pragma('foreign_key_check')).toEqual([])
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
      expect(db.prepare('SELECT name FROM nodes').pluck().all()).toEqual(['pve1'])
      expect(db.prepare('SELECT ip, until FROM bans').all()).toEqual([
        { ip: EVENT.ip, until: NOON + 600_000 },
      ])
      expect(db.prepare('SELECT body FROM events').pluck().all()).toEqual([JSON.stringify(EVENT)])
      db.close()
    },
  )
})
