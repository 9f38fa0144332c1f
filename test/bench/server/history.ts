import { systemClock } from '../../../packages/daemon/src/index.ts'
import Database from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { openSqlite } from '../../../apps/server/src/db/sqlite-storage.ts'
import { banned, failure } from '../../../apps/server/src/lab/agent.ts'
import { makeVault } from '../../../apps/server/src/notifications/vault.ts'
import { Tally } from '../../../apps/server/src/timeline/tally.ts'
import { makeRandom } from '../random.ts'
import { p95, prepare, signIn, startServer, type Place } from './process.ts'

export interface HistoryFigures {
  readonly rows: number
  readonly history_mb: number
  readonly start_ms: number
  readonly query_p95_ms: number
  readonly queries: Readonly<Record<string, number>>
  readonly rss_mb: number
}

const NODES = 50
const DAYS = 30
const CHUNK = 50_000
/** One ban for so many failures. */
const PER_BAN = 200
const RUNS = 30
const JAILS = ['sshd', 'proxmox', 'nginx-http-auth'] as const

/** Asks a history of so many failures what the dashboard asks, as it asks it. */
export async function measureHistory(
  folder: string,
  { rows, say }: { rows: number; say(text: string): void },
): Promise<HistoryFigures> {
  const { place } = await prepare(folder, 0)
  say(`${rows} failures are written into history`)
  fill(place, rows, say)
  const server = await startServer(place)
  try {
    const cookie = await signIn(server.url)
    const queries: Record<string, number> = {}
    const all: number[] = []
    for (const [name, path] of Object.entries(queriesOf())) {
      const took: number[] = []
      for (let run = 0; run < RUNS; run++) {
        const began = performance.now()
        const answer = await fetch(server.url + path(run), { headers: { cookie } })
        const text = await answer.text()
        if (!answer.ok) throw new Error(`${name}: ${text}`)
        took.push(performance.now() - began)
      }
      // The first one starts the threads that read.
      const warm = took.slice(1)
      all.push(...warm)
      queries[name] = Math.round(p95(warm) * 10) / 10
    }
    return {
      rows,
      history_mb: Math.round(statSync(place.history).size / 1_000_000),
      start_ms: Math.round(server.startMs),
      query_p95_ms: Math.round(p95(all) * 10) / 10,
      queries,
      rss_mb: Math.round(await server.rssMb()),
    }
  } finally {
    await server.stop()
  }
}

const ipOf = (n: number): string => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`

function queriesOf(): Readonly<Record<string, (run: number) => string>> {
  const api = '/api/v1'
  const jail = (run: number) => JAILS[run % JAILS.length] ?? 'sshd'
  const back = (run: number) =>
    Buffer.from(`${Date.now() - (run + 1) * 43_200_000}.${Number.MAX_SAFE_INTEGER}`).toString('base64url')
  return {
    overview: () => `${api}/overview`,
    'timeline of a day': () => `${api}/timeline?hours=24`,
    'timeline of a month': () => `${api}/timeline?hours=744`,
    nodes: () => `${api}/nodes`,
    jails: () => `${api}/jails`,
    'active bans': () => `${api}/bans?active=true&limit=100`,
    'bans of an address': (run) => `${api}/bans?ip=${ipOf(run * 97)}`,
    'newest events': () => `${api}/events?limit=100`,
    'events of kinds': () => `${api}/events?kind=ban.added,ban.lifted,failure.found&limit=100`,
    'events of an address': (run) => `${api}/events?ip=${ipOf(run * 131)}&limit=100`,
    'events of a jail, weeks ago': (run) => `${api}/events?jail=${jail(run)}&cursor=${back(run)}&limit=100`,
    'events with a word': (run) => `${api}/events?q=user${run}&limit=100`,
    'events with an address in the line': (run) => `${api}/events?q=${ipOf(run * 89)}&limit=100`,
    'largest addresses of a day': () => `${api}/addresses?hours=24`,
    'largest addresses of a month': () => `${api}/addresses?hours=720`,
    'one address over a month': (run) => `${api}/addresses/${ipOf(run * 7)}?hours=720`,
    countries: () => `${api}/countries?hours=720`,
  }
}

/** Writes failures of a month: without indexes, which are built at the end, and with the counters that belong to them. */
function fill({ history }: Place, rows: number, say: (text: string) => void): void {
  const storage = openSqlite(history, { vault: makeVault(randomBytes(32)), clock: systemClock })
  const { stores } = storage
  const now = Date.now()
  const db = new Database(history)
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -400000')
  const sources = db
    .prepare<[], { sql: string; name: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'events' AND sql IS NOT NULL`,
    )
    .all()
  const nodes = Array.from({ length: NODES }, (_, i) => {
    const id = stores.nodes.add({ name: `node${i + 1}`, cluster: 'bench', enrolledAt: now })
    return { id, outbox: stores.outboxes.open(id, 'outbox-bench').id, seq: 0 }
  })
  for (const { name } of sources) db.exec(`DROP INDEX ${name}`)
  const add = db.prepare(
    'INSERT INTO events (node_id, outbox_id, outbox_seq, at, kind, jail, ip, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const random = makeRandom(7)
  const step = (DAYS * 86_400_000) / rows
  for (let from = 0; from < rows; from += CHUNK) {
    const tally = new Tally()
    const bans: (readonly [number, Extract<ReturnType<typeof banned>, { kind: 'ban.added' }>['ban']])[] = []
    db.exec('BEGIN IMMEDIATE')
    for (let i = from; i < Math.min(from + CHUNK, rows); i++) {
      const node = nodes[i % NODES]
      if (node === undefined) break
      const at = Math.round(now - (rows - i) * step)
      const jail = JAILS[Math.floor(random.below(1) ** 2 * JAILS.length)] ?? 'sshd'
      const ip = ipOf(Math.floor(random.below(1) ** 3 * 131_072))
      const event = {
        ...failure(ip, at, jail),
        line: `Failed password for user${i % 5_000} from ${ip} port ${i % 60_000} ssh2`,
      }
      add.run(node.id, node.outbox, ++node.seq, at, 'failure.found', jail, ip, JSON.stringify(event))
      tally.add(node.id, at, event as ReturnType<typeof failure>)
      if (i % PER_BAN !== 0) continue
      const ban = banned(ip, at, { jail })
      tally.add(node.id, at, ban)
      if (ban.kind === 'ban.added') bans.push([node.id, ban.ban])
    }
    db.exec('COMMIT')
    stores.transaction(() => {
      stores.counters.add(tally)
      for (const [nodeId, ban] of bans)
        if (stores.bans.openAt({ nodeId, jail: ban.jail, ip: ban.ip }) === null) stores.bans.add(nodeId, ban)
      for (const { outbox, seq } of nodes) stores.outboxes.advance(outbox, seq)
    })
    if (from % 1_000_000 === 0) say(`  ${from}`)
  }
  stores.bans.endOld(now)
  say('indexes are built')
  for (const { sql } of sources) db.exec(sql)
  db.close()
  say('words are indexed')
  while (storage.upkeep.indexWords(20_000) > 0);
  void storage.close()
}
