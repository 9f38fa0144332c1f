import Database from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import type { NodeEvent } from '@warder/core'
import { systemClock } from '../../../packages/daemon/src/index.ts'
import { openSqlite } from '../../../apps/server/src/sqlite/storage.ts'
import { banned, failure } from '../../../apps/server/src/lab/agent.ts'
import { makeVault } from '../../../apps/server/src/notifications/vault.ts'
import { openStores } from '../../../apps/server/src/sqlite/stores.ts'
import type { Stores } from '../../../apps/server/src/storage/stores.ts'
import { DAY_MS, HOUR_MS, NODE_SPAN_MS, SPANS } from '../../../apps/server/src/timeline/buckets.ts'

const NODES = 50
const DAYS = 30
/** Counters by the minute, and addresses by the hour, are kept for so long. */
const FINE_KEPT_MS = 3 * DAY_MS
/** One ban for so many failures; it has nothing in common with the number of nodes. */
const PER_BAN = 199
/** So many failures are written, then the bans that follow from them. */
const PER_STEP = 5_000
export const JAILS = ['sshd', 'proxmox', 'nginx-http-auth'] as const
/** How many addresses fail; some of them far more often than others. */
export const ADDRESSES = 131_072

export const ipOf = (n: number): string => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`

/** A failure as the server writes it down, as a format of SQL's printf: jail, address, time, user, address, port. */
function bodyFormat(): string {
  const pattern = {
    ...failure('@ip', 0, '@jail'),
    line: 'Failed password for user@user from @ip port @port ssh2',
  }
  return JSON.stringify(pattern)
    .replace('"failedAt":0', '"failedAt":%d')
    .replaceAll(/@(ip|jail)/g, '%s')
    .replaceAll(/@(user|port)/g, '%d')
}

/** Chance that is the same each time: each number is a product with a large prime, cut to 32 bits. */
const EVENTS_SQL = `
  WITH RECURSIVE numbers (i) AS (SELECT CAST(@from AS INTEGER) UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < @to),
  drawn AS (SELECT i, (i * 2654435761 % 4294967296) / 4294967296.0 AS u,
    ((i * 1597334677 + (i >> 7) * 974711) % 4294967296) / 4294967296.0 AS v FROM numbers),
  failed AS (SELECT i, CAST(@now - (@rows - i) * @step AS INTEGER) AS at, CAST(u * u * u * ${ADDRESSES} AS INTEGER) AS n,
    CASE CAST(v * v * 3 AS INTEGER) WHEN 0 THEN '${JAILS[0]}' WHEN 1 THEN '${JAILS[1]}' ELSE '${JAILS[2]}' END AS jail FROM drawn),
  named AS (SELECT *, printf('198.%d.%d.%d', 18 + (n >> 16), (n >> 8) & 255, n & 255) AS ip FROM failed)
  INSERT INTO events (node_id, outbox_id, outbox_seq, at, kind, jail, ip, body)
  SELECT nodes.id, outboxes.id, i / ${NODES} + 1, at, 'failure.found', jail, ip,
    printf(@body, jail, ip, at, i % 5000, ip, i % 60000)
  FROM named CROSS JOIN nodes ON nodes.id = i % ${NODES} + 1 CROSS JOIN outboxes ON outboxes.id = i % ${NODES} + 1`

const counted = (table: string, keys: string): string => `
  INSERT INTO ${table} SELECT ?, ${keys}, SUM(kind = 'failure.found'), SUM(kind = 'ban.added')
  FROM events WHERE seq > ? GROUP BY ${keys}`

const WORDS_SQL = `INSERT INTO event_words (rowid, words)
  SELECT seq, ip || char(10) || jail || char(10) || json_extract(body, '$.user') || char(10) || json_extract(body, '$.line')
  FROM events WHERE seq > ? AND kind = 'failure.found'`

/**
 * Writes failures of a month into a new history, as the server would have kept them: counters, bans and the index of words
 * are those that belong to them. A day at a time, in SQL alone, without a journal; indexes are built at the end.
 */
export async function fill(history: string, rows: number, say: (text: string) => void): Promise<void> {
  const vault = makeVault(randomBytes(32))
  const now = Date.now()
  const storage = openSqlite(history, { vault, clock: systemClock })
  for (let i = 1; i <= NODES; i++) {
    const id = storage.stores.nodes.add({ name: `node${i}`, cluster: 'bench', enrolledAt: now })
    storage.stores.outboxes.open(id, 'outbox-failures')
  }
  await storage.close()
  const db = new Database(history)
  for (const pragma of [
    'journal_mode = DELETE',
    'journal_mode = OFF',
    'synchronous = OFF',
    'cache_size = -1000000',
  ])
    db.pragma(pragma)
  const indexes = db
    .prepare<[], { sql: string; name: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('events', 'address_counts') AND sql IS NOT NULL`,
    )
    .all()
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`)
  const hashSize = (bytes: number) =>
    db.exec(`INSERT INTO event_words (event_words, rank) VALUES ('hashsize', ${bytes})`)
  hashSize(64 * 1_048_576)
  const step = (DAYS * DAY_MS) / rows
  const rowAt = (at: number): number => Math.min(rows, Math.max(0, Math.ceil(rows - (now - at) / step)))
  const stores = openStores(db, vault)
  for (let day = now - DAYS * DAY_MS - ((now - DAYS * DAY_MS) % DAY_MS); day < now; day += DAY_MS) {
    const [from, to] = [rowAt(day), rowAt(day + DAY_MS)]
    if (from < to) stores.transaction(() => fillDay(db, stores, { from, to, rows, now, step, day }))
    say(`  ${to}`)
  }
  stores.bans.endOld(now)
  db.exec(`UPDATE outboxes SET acked = (SELECT COALESCE(MAX(outbox_seq), 0) FROM events WHERE outbox_id = outboxes.id);
    INSERT INTO last_matches SELECT node_id, jail, MAX(at) FROM events WHERE kind = 'failure.found' GROUP BY 1, 2;
    UPDATE event_words_state SET seq = (SELECT MAX(seq) FROM events)`)
  hashSize(1_048_576)
  for (const { name, sql } of indexes) {
    say(`index ${name}`)
    db.exec(sql)
  }
  db.close()
}

interface Day {
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly now: number
  readonly step: number
  readonly day: number
}

/** Events lie in history in the order in which they came: bans among failures, a few at a time. */
function fillDay(db: Database.Database, stores: Stores, day: Day): void {
  const before = stores.events.ends().newest
  for (let from = day.from; from < day.to; from += PER_STEP)
    addEvents(db, stores, { ...day, from, to: Math.min(day.to, from + PER_STEP) })
  count(db, before, day)
  stores.bans.endOld(day.day)
}

function addEvents(db: Database.Database, stores: Stores, drawn: Day): void {
  const before = stores.events.ends().newest
  db.prepare(EVENTS_SQL).run({ ...drawn, body: bodyFormat() })
  db.prepare(WORDS_SQL).run(before)
  const failures = db.prepare<[number], { nodeId: number; at: number; jail: string; ip: string; n: number }>(
    `SELECT node_id AS nodeId, at, jail, ip, outbox_seq AS n FROM events WHERE seq > ? AND seq % ${PER_BAN} = 0`,
  )
  for (const { nodeId, at, jail, ip, n } of failures.all(before)) {
    if (stores.bans.openAt({ nodeId, jail, ip }) !== null) continue
    const event: NodeEvent = banned(ip, at, { jail, until: at + DAY_MS })
    if (event.kind === 'ban.added') stores.bans.add(nodeId, event.ban)
    const outboxId = stores.outboxes.open(nodeId, 'outbox-bans').id
    stores.events.add({ nodeId, outboxId, outboxSeq: n, at, event })
  }
}

/** Counts what lies behind a number, as far as the server would still have the counters. */
function count(db: Database.Database, before: number, { day, now }: Day): void {
  const isFine = day >= now - FINE_KEPT_MS - DAY_MS
  for (const span of SPANS) {
    if (span >= HOUR_MS || isFine) {
      const columns = 'counters (span, node_id, at, jail, failures, bans)'
      db.prepare(counted(columns, `node_id, at - at % ${span}, jail`)).run(span, before)
    }
    if (span < HOUR_MS || (span === HOUR_MS && !isFine)) continue
    const [addresses, countries] = ['address_counts (span, at, ip,', 'country_counts (span, at, country,']
    db.prepare(counted(`${addresses} failures, bans)`, `at - at % ${span}, ip`)).run(span, before)
    db.prepare(counted(`${countries} failures, bans)`, `at - at % ${span}, ''`)).run(span, before)
  }
  if (!isFine) return
  db.prepare(
    `INSERT INTO node_counts (at, node_id, failures, bans) SELECT at - at % ${NODE_SPAN_MS}, node_id,
     SUM(kind = 'failure.found'), SUM(kind = 'ban.added') FROM events WHERE seq > ? GROUP BY 1, 2`,
  ).run(before)
}
