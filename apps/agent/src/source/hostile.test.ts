import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { readConfiguration } from '@warder/conf'
import { compileJail, LINE_LIMIT, makeEngine, NEVER_NOBODY, type PlannedJail } from '@warder/core'
import { makeLogger, systemClock, type Logger } from '@warder/daemon'
import { shippedFiles } from '@warder/filters'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Decider } from '../engine/decider.ts'
import { FileSource } from './file.ts'

// As main.ts does: the linear engine of V8 takes over where it can.
setFlagsFromString('--enable-experimental-regexp-engine')
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
setFlagsFromString('--regexp-backtracks-before-fallback=20000')

const MIB = 1_048_576
const FAILURE = `${new Date(systemClock.now()).toISOString()} pve1 sshd[99]: Failed password for root from 203.0.113.9 port 4242 ssh2`
const failures: unknown[] = []
// Nothing that goes wrong in a line is to be passed over in silence.
const log: Logger = Object.assign(makeLogger({ name: 'test', level: 'silent', form: 'json' }), {
  error: (...told: unknown[]) => void failures.push(told),
})

let folder: string
beforeEach(async () => {
  failures.length = 0
  folder = await mkdtemp(join(tmpdir(), 'warder-hostile-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** All shipped jails over one file. */
function shippedOver(path: string): readonly PlannedJail[] {
  const { jails } = readConfiguration([{ name: 'shipped', files: shippedFiles() }])
  return jails.flatMap((definition) => {
    if (definition.backend === 'bans') return []
    const compiled = compileJail({
      ...definition,
      backend: 'file',
      logpath: [path],
      settings: { ...definition.settings, maxretry: 1 },
    })
    return compiled.ok ? [{ jail: compiled.jail, sources: [path] }] : []
  })
}

/** Reads a file with these bytes and a failure behind them → who was banned, and the longest line that came. */
async function read(hostile: Buffer, times = 1) {
  const path = join(folder, 'auth.log')
  await writeFile(path, '')
  const engine = makeEngine()
  const never = NEVER_NOBODY
  engine.step({ kind: 'plan', plan: { jails: shippedOver(path), never } }, systemClock.now())
  const decider = new Decider({
    engine,
    log,
    now: () => systemClock.now(),
    onStuck: (jail) => failures.push(jail),
  })
  const bans: string[] = []
  let longest = 0
  const { promise: banned, resolve } = Promise.withResolvers<void>()
  await using source = new FileSource({ path, clock: systemClock, first: 'beginning' })
  await source.start(null, async (batch) => {
    for (const { text } of batch.lines) longest = Math.max(longest, text.length)
    await decider.take(path, batch, async (decide) => {
      for (const effect of (await decide()).effects)
        if (effect.kind === 'ban') bans.push(`${effect.ban.jail} ${effect.ban.ip}`)
    })
    if (bans.length > 0) resolve()
  })
  for (let i = 0; i < times; i++) await appendFile(path, hostile)
  await appendFile(path, `\n${FAILURE}\n`)
  await banned
  return { bans, longest }
}

describe('hostile bytes in a log', () => {
  it.each<[string, Buffer]>([
    ['NUL', Buffer.from(`${FAILURE.slice(0, 40)}\0${FAILURE.slice(40, 60)}\n\0\0\0\n`)],
    ['a hole as truncation leaves it', Buffer.alloc(100_000)],
    [
      'invalid UTF-8',
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xe2, 0x82, 0xf0, 0x9f, 0x0a, 0xed, 0xa0, 0x80, 0x0a]),
    ],
    ['half a character at the end', Buffer.from([...Buffer.from('Nov 20 12:00:00 x '), 0xe2, 0x82])],
    ['a byte order mark', Buffer.from(`\uFEFF${FAILURE.slice(0, 50)}`)],
    ['line separators of Unicode', Buffer.from('a\u2028b\u2029c\u0085d\n')],
    ['returns alone', Buffer.from('a\rb\rc\r\r\nd\r')],
    ['control characters', Buffer.from(Array.from({ length: 31 }, (_, i) => i + 1))],
    ['a line of a MiB', Buffer.alloc(MIB, 'x')],
    ['a line of a MiB that is not UTF-8', Buffer.alloc(MIB, 0xe2)],
    ['no newline for ten MiB', Buffer.alloc(10 * MIB, 'Nov 20 12:00:00 ')],
    ['many long lines', Buffer.from(`${'y'.repeat(20_000)}\n`.repeat(30))],
  ])('%s: is read, and the failure behind it counts', async (_, hostile) => {
    const { bans, longest } = await read(hostile)
    expect(bans).toEqual(['sshd 203.0.113.9'])
    expect(longest).toBeLessThanOrEqual(LINE_LIMIT)
    // On a busy machine lines may strike the limit of time; that is tried elsewhere.
    expect(failures.filter((told) => !/lines?\.skipped/.test(JSON.stringify(told)))).toEqual([])
  })

  it('take no memory that grows with them', async () => {
    const piece = Buffer.alloc(MIB, 'x')
    await read(piece)
    const held = () => process.memoryUsage().arrayBuffers
    const before = held()
    let most = 0
    const timer = setInterval(() => (most = Math.max(most, held() - before)), 1)
    await read(piece, 20)
    clearInterval(timer)
    expect(most).toBeLessThan(4 * MIB)
  })
})
