import { threadCpuUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { compileJail, makeEngine, NEVER_NOBODY, type LogLine, type PlannedJail } from '@warder/core'
import { makeLogger } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { LineBlock } from '../source/block.ts'
import { fileBatch } from '../source/file-batch.ts'
import type { Batch } from '../source/source.ts'
import { Decider, type Decided } from './decider.ts'
import { Budget } from './look-ahead.ts'

// As main.ts does: the linear engine of V8 takes over where it can.
setFlagsFromString('--enable-experimental-regexp-engine')
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
setFlagsFromString('--regexp-backtracks-before-fallback=20000')

/** What no line and no expression may take from anybody else. */
const MOST_MS = 250
const NOW = Date.UTC(2026, 10, 20, 12)
const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })

const GOOD = '^bad from <HOST>$'
const ENDLESS = String.raw`^(?:a+)+(?!b) from <HOST>$`
/** The linear engine copes with it, in a third of a second for the longest line. */
const SWAMP = String.raw`(?:x.*y.*z)+ from <HOST>$`
/** Some milliseconds for a line below the length from which on each is looked at by itself. */
const SLOW = String.raw`^.*x.*y.*x from <HOST>$`
const TRAP = `${'a'.repeat(60)}! from 192.0.2.9`
const MIRE = `z from ${'xy'.repeat(8_000)}`
const PUDDLE = `${'xy'.repeat(950)}x from 192.0.2.9!`

function jail(name: string, failregex: string, source: string): PlannedJail {
  const compiled = compileJail({
    name,
    filter: { name, failregex: [failregex], ignoreregex: [], maxlines: 1, journalmatch: [] },
    backend: 'file',
    logpath: [source],
    ports: { protocol: 'tcp', ports: [22] },
    ignoreip: [],
    maxmatches: 5,
    settings: { enabled: true, maxretry: 1, findtime: 600, bantime: 600 },
  })
  if (!compiled.ok) throw new Error(compiled.problems.join())
  return { jail: compiled.jail, sources: [source] }
}

/** Lines as a file source gives them. */
function fileOf(source: string, texts: readonly string[]): Batch {
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''))
  const cursor = { inode: '1', offset: bytes.length, headBytes: 0, head: '' }
  const block = new LineBlock(bytes, { source, readAt: NOW, live: true })
  return fileBatch(block, { cursor, hasMore: false }, () => {})
}

/** The same as the journal gives them: they cannot be cut. */
const listOf = (source: string, texts: readonly string[]): Batch => ({
  lines: texts.map((text): LogLine => ({ source, text, readAt: NOW, live: true })),
  cursor: 'end',
})

/** A decider with a mailbox, and what came of it in order: `jail ip`. */
function makeRig(jails: readonly PlannedJail[]) {
  const engine = makeEngine()
  engine.step({ kind: 'plan', plan: { jails, never: NEVER_NOBODY } }, NOW)
  const stuck: string[] = []
  const bans: string[] = []
  const cursors: string[] = []
  let mailbox: Promise<void> = Promise.resolve()
  const decider = new Decider({ engine, log, now: () => NOW, onStuck: (name) => stuck.push(name) })
  const keep = ({ effects, cursor }: Decided): void => {
    cursors.push(cursor ?? '-')
    for (const effect of effects) if (effect.kind === 'ban') bans.push(`${effect.ban.jail} ${effect.ban.ip}`)
  }
  const take = (source: string, batch: Batch) =>
    decider.take(source, batch, (decide) => (mailbox = mailbox.then(async () => keep(await decide()))))
  return { engine, take, stuck, bans, cursors }
}

/** Work of this thread alone: what the machine does for others meanwhile is nobody's fault here. */
async function workOf(task: () => Promise<void>): Promise<{ total: number; longest: number }> {
  const workMs = () => {
    const { user, system } = threadCpuUsage()
    return (user + system) / 1_000
  }
  const start = workMs()
  let [turn, longest] = [start, 0]
  const look = () => {
    const now = workMs()
    longest = Math.max(longest, now - turn)
    turn = now
  }
  const timer = setInterval(look, 1)
  await task()
  look()
  clearInterval(timer)
  return { total: workMs() - start, longest }
}

const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i))

describe('what lines of one batch may cost', () => {
  it.each([0, 1, 5, 11, 60])('is bounded, each %d ms over its limit', (over) => {
    const budget = new Budget()
    let total = 0
    for (let limit = budget.limitFor(undefined); limit !== null; limit = budget.limitFor(undefined)) {
      total += limit + over
      budget.lose(limit + over)
    }
    expect(total).toBeLessThan(MOST_MS)
  })

  it('is bounded for long lines too', () => {
    const line = { source: '/x', text: MIRE, readAt: NOW }
    const budget = new Budget()
    let total = 0
    for (let limit = budget.limitFor(line); limit !== null; limit = budget.limitFor(line)) {
      total += limit
      budget.lose(limit)
    }
    expect(total).toBeLessThan(MOST_MS)
  })
})

describe.each([
  ['a file', fileOf],
  ['the journal', listOf],
] as const)('lines of %s', (_, make) => {
  it.each<[string, string, string, number]>([
    ['one expression', ENDLESS, TRAP, 1],
    ['three expressions', ENDLESS, TRAP, 3],
    ['twelve expressions', ENDLESS, TRAP, 12],
    ['an expression that is only linear', SWAMP, MIRE, 1],
    ['six of them', SWAMP, MIRE, 6],
  ])('keep nobody waiting with %s', async (_name, failregex, text, count) => {
    const evil = many(count, (i) => jail(`evil${i}`, failregex, '/x'))
    const { take, bans, stuck } = makeRig([...evil, jail('good', GOOD, '/x')])
    // What V8 compiles on the way is no matter of expressions.
    await take('/x', make('/x', ['bad from 192.0.2.1']))
    const work = await workOf(() => take('/x', make('/x', [...many(40, () => text), 'bad from 192.0.2.2'])))
    expect(bans).toEqual(['good 192.0.2.1', 'good 192.0.2.2'])
    expect(work.total).toBeLessThan(MOST_MS)
    expect(work.longest).toBeLessThan(MOST_MS)
    for (let i = 0; i < count; i++)
      await take(
        '/x',
        make(
          '/x',
          many(3, () => text),
        ),
      )
    expect(stuck.toSorted()).toEqual(evil.map(({ jail: { definition } }) => definition.name).toSorted())
  })
})

describe('lines that all take long', () => {
  const texts = [
    ...many(250, () => PUDDLE),
    'bad from 192.0.2.1',
    ...many(100, () => PUDDLE),
    'bad from 192.0.2.2',
  ]
  const jails = [jail('slow', SLOW, '/x'), jail('good', GOOD, '/x'), jail('other', GOOD, '/y')]

  it('let another log come in between, and are dealt with once', async () => {
    const { engine, take, bans, cursors } = makeRig(jails)
    const slow = take('/x', fileOf('/x', texts))
    const other = take('/y', fileOf('/y', ['bad from 192.0.2.3']))
    await Promise.all([slow, other])
    expect(bans).toEqual(['other 192.0.2.3', 'good 192.0.2.1', 'good 192.0.2.2'])
    const offsets = cursors.map((cursor) => Number(cursor.split(' ')[2]))
    expect(offsets.length).toBeGreaterThan(3)
    expect(engine.view().sources.find(({ id }) => id === '/x')?.lines).toBe(texts.length)
  })

  it('are decided on once when the plan changes in between', async () => {
    const { engine, take, bans } = makeRig(jails)
    const never = NEVER_NOBODY
    const slow = take('/x', fileOf('/x', texts))
    engine.step({ kind: 'plan', plan: { jails: jails.slice(1), never } }, NOW)
    await slow
    expect(bans).toEqual(['good 192.0.2.1', 'good 192.0.2.2'])
  })
})
