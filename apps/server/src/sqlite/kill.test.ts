import Database from 'better-sqlite3'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { banned, failure, LabNode } from '../lab/agent.ts'
import type { LabSocket } from '../lab/socket.ts'
import type { Down, OutboxEvent } from '@warder/protocol'
import { historyFile } from './backend.ts'

/** How often the server is killed; more by hand: WARDER_KILLS=50. */
const KILLS = Number(process.env['WARDER_KILLS'] ?? 2)
const NODES = 4
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

interface Running {
  readonly child: ChildProcess
  readonly url: string
}

async function start(config: string): Promise<Running> {
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    MAIN,
    'run',
    '--config',
    config,
  ])
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  await expect
    .poll(() => (child.exitCode === null ? out : `ended: ${err}`), { timeout: 60_000 })
    .toMatch(/Dashboard: [\s\S]*\n|ended/)
  expect(out, err).not.toBe('')
  return { child, url: /http:\/\/\S+/.exec(out)?.[0] ?? '' }
}

/** A node that keeps what was not acknowledged, and sends it again. */
class Sender {
  readonly node: LabNode
  acked = 0
  recorded = 0
  #outbox: OutboxEvent[] = []
  #link: LabSocket<Down> | null = null

  constructor(name: string) {
    this.node = new LabNode(name)
  }

  async dial(url: string, code?: string): Promise<void> {
    const link = await this.node.dial(url, code === undefined ? {} : { join: code })
    const { acked } = await link.next('welcome')
    // What was acknowledged is in history, whatever happened to the server since.
    expect(acked).toBeGreaterThanOrEqual(this.acked)
    this.#link = link
    this.#forget(acked)
    this.#send(this.#outbox)
    void this.#listen(link)
  }

  record(): void {
    const now = Date.now()
    const fresh = this.node.record(
      now,
      failure('203.0.113.9', now),
      banned('203.0.113.9', now),
      failure('198.51.100.7', now),
    )
    this.recorded += fresh.length
    this.#outbox.push(...fresh)
    this.#send(fresh)
  }

  async #listen(link: LabSocket<Down>): Promise<void> {
    try {
      for (;;) this.#forget((await link.next('ack')).acked)
    } catch {
      // The server was killed.
    }
  }

  #forget(acked: number): void {
    this.acked = Math.max(this.acked, acked)
    this.#outbox = this.#outbox.filter(({ seq }) => seq > acked)
  }

  #send(events: readonly OutboxEvent[]): void {
    const link = this.#link
    if (link === null || link.socket.readyState !== link.socket.OPEN) return
    for (let at = 0; at < events.length; at += 200)
      link.send({ kind: 'events', events: events.slice(at, at + 200) })
  }
}

it(
  `loses and doubles nothing when it is killed ${KILLS} times under load (WARDER_KILLS)`,
  { timeout: 60_000 + KILLS * 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warder-kill-'))
    const config = join(folder, 'server.toml')
    await writeFile(
      config,
      `host = "127.0.0.1"\nport = 0\ndata_dir = "${folder}/data"\nauth_log = "${folder}/auth.log"\n[log]\nlevel = "silent"\n`,
    )
    let server = await start(config)
    try {
      const senders = Array.from({ length: NODES }, (_, i) => new Sender(`pve${i + 1}`))
      for (const sender of senders) {
        const code = spawn(process.execPath, [
          '--disable-warning=ExperimentalWarning',
          MAIN,
          'join-code',
          '--config',
          config,
        ])
        let text = ''
        code.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
        await once(code, 'close')
        await sender.dial(server.url, text.trim())
      }
      for (let kill = 0; kill < KILLS; kill++) {
        // Somewhere between two acknowledgements: after so many turns in which all nodes record.
        const turns = 1 + Math.floor(Math.random() * 150)
        for (let turn = 0; turn < turns; turn++) {
          for (const sender of senders) sender.record()
          await new Promise((resolve) => setImmediate(resolve))
        }
        server.child.kill('SIGKILL')
        await once(server.child, 'exit')
        for (const sender of senders) sender.record()
        server = await start(config)
        await Promise.all(senders.map((sender) => sender.dial(server.url)))
      }
      await expect
        .poll(() => senders.every(({ acked, recorded }) => acked === recorded), { timeout: 60_000 })
        .toBe(true)
      const db = new Database(historyFile(join(folder, 'data')), { readonly: true })
      const rows = db
        .prepare<[], { name: string; n: number; seqs: number; last: number }>(
          `SELECT name, COUNT(*) AS n, COUNT(DISTINCT outbox_seq) AS seqs, MAX(outbox_seq) AS last
         FROM events JOIN nodes ON nodes.id = events.node_id GROUP BY name`,
        )
        .all()
      expect(rows).toHaveLength(NODES)
      for (const { name, n, seqs, last } of rows) {
        const { recorded } = senders.find(({ node }) => node.name === name) ?? { recorded: -1 }
        expect({ name, n, seqs, last }).toEqual({ name, n: recorded, seqs: recorded, last: recorded })
      }
      // Counters are of the same transactions: never behind their events, and never ahead.
      const counted = db.prepare<[number], { failures: number; bans: number }>(
        'SELECT SUM(failures) AS failures, SUM(bans) AS bans FROM counters WHERE span = ?',
      )
      const addresses = db.prepare<[number], { failures: number; bans: number }>(
        'SELECT SUM(failures) AS failures, SUM(bans) AS bans FROM address_counts WHERE span = ?',
      )
      const all = senders.reduce((sum, { recorded }) => sum + recorded, 0) / 3
      for (const span of [60_000, 3_600_000, 86_400_000])
        expect(counted.get(span)).toEqual({ failures: 2 * all, bans: all })
      for (const span of [3_600_000, 86_400_000])
        expect(addresses.get(span)).toEqual({ failures: 2 * all, bans: all })
      db.close()
    } finally {
      server.child.kill('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    }
  },
)
