import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { NodeEvent } from '@warder/core'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packsStore } from './state/packs.ts'

const ATTACKERS = 120
const FAILURES = 3
const KILLS = 6
const MAIN = join(import.meta.dirname, 'main.ts')

let folder: string
let log: string
let running: ChildProcess | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-survival-'))
  log = join(folder, 'door.log')
  mkdirSync(join(folder, 'etc', 'filter.d'), { recursive: true })
  writeFileSync(log, '')
  writeFileSync(
    join(folder, 'etc', 'filter.d', 'door.conf'),
    '[Definition]\nfailregex = ^bad login of <F-USER>\\S+</F-USER> from <HOST>$\n',
  )
  writeFileSync(
    join(folder, 'etc', 'jail.local'),
    ['sshd', 'proxmox', 'warder'].map((name) => `[${name}]\nenabled = false\n`).join('') +
      `[door]\nenabled = true\nfilter = door\nbackend = polling\nlogpath = ${log}\nmaxretry = ${FAILURES}\n`,
  )
  writeFileSync(
    join(folder, 'agent.toml'),
    `state_dir = "${folder}/state"\nconfig_dir = "${folder}/etc"\nsocket = "${folder}/agent.sock"\nfirewall = "memory"\npve_dir = "${folder}"\nfilter_local_networks = true\n[log]\nform = "text"\n`,
  )
})
afterEach(async () => {
  await end('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Starts the real process; resolves when it says that it is watching. */
async function start(): Promise<void> {
  const args = ['--disable-warning=ExperimentalWarning', MAIN, 'run', '--config', join(folder, 'agent.toml')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  running = child
  let said = ''
  const { promise: watching, resolve, reject } = Promise.withResolvers<void>()
  // Read to the end: a full pipe would make the agent wait.
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-10_000)
    if (said.includes('the agent is watching')) resolve()
  })
  child.on('exit', () => reject(new Error(said)))
  await watching
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  const child = running
  running = null
  if (!child || child.exitCode !== null) return null
  const closed = once(child, 'exit')
  child.kill(signal)
  const [code] = await closed
  return typeof code === 'number' ? code : null
}

interface Kept {
  readonly event: string
  readonly pack: number | null
  readonly place: number
}

/** Everything that the outbox holds, in its order. */
function outbox(): readonly NodeEvent[] {
  const db = new Database(join(folder, 'state', 'state.db'), { readonly: true })
  try {
    const packs = packsStore(db)
    return db
      .prepare<[], Kept>('SELECT event, pack, place FROM outbox ORDER BY seq')
      .all()
      .map(
        ({ event, pack, place }) =>
          (pack === null ? JSON.parse(event) : packs.get({ pack, place })) as NodeEvent,
      )
  } finally {
    db.close()
  }
}

/** Numbers that look random and are the same every time. */
function* dice(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    yield state / 2_147_483_648
  }
}

const ipOf = (attacker: number) => `203.0.113.${attacker + 1}`
/** The failures of all attackers mixed, each with a user of its own to tell it by. */
const LINES = Array.from(
  { length: ATTACKERS * FAILURES },
  (_, i) => `bad login of u${i} from ${ipOf(i % ATTACKERS)}\n`,
)

describe('a process that is killed at any moment', () => {
  it('loses and doubles no event', { timeout: 40_000 }, async () => {
    const random = dice(7)
    const roll = () => random.next().value ?? 0
    await start()
    let written = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const goal = Math.floor((LINES.length * (kill + 1)) / (KILLS + 1))
      while (written < goal) {
        const some = 1 + Math.floor(roll() * 12)
        appendFileSync(log, LINES.slice(written, written + some).join(''))
        written += some
        // The point of the kill is a matter of time: that is what is tried here.
        await after(roll() * 6)
      }
      await end('SIGKILL')
      appendFileSync(log, LINES.slice(written, written + 5).join(''))
      written += 5
      await start()
    }
    appendFileSync(log, LINES.slice(written).join(''))
    const failures = () => outbox().filter((event) => event.kind === 'failure.found')
    await expect.poll(() => failures().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(LINES.length)
    expect(await end('SIGTERM')).toBe(0)

    const users = failures().map((event) => event.user)
    expect(users).toEqual(LINES.map((_, i) => `u${i}`))
    const banned = outbox().flatMap((event) => (event.kind === 'ban.added' ? [event.ban.ip] : []))
    expect(banned.toSorted()).toEqual(Array.from({ length: ATTACKERS }, (_, i) => ipOf(i)).toSorted())
  })

  it('goes on when nobody reads its log any more', async () => {
    await start()
    running?.stderr?.destroy()
    appendFileSync(log, LINES.join(''))
    await expect.poll(() => outbox().filter((event) => event.kind === 'ban.added').length).toBe(ATTACKERS)
    expect(await end('SIGTERM')).toBe(0)
  })

  it('ends cleanly within two seconds when it is asked to', async () => {
    await start()
    appendFileSync(log, LINES.join(''))
    const before = performance.now()
    expect(await end('SIGTERM')).toBe(0)
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})
