import {
  compileJail,
  makeEngine,
  NEVER_NOBODY,
  type Effect,
  type LogLine,
  type PlannedJail,
} from '@warder/core'
import { makeLogger } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { Decider } from './decider.ts'
import { finishesWithin } from './guard.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })

function jail(name: string, failregex: string): PlannedJail {
  const compiled = compileJail({
    name,
    filter: { name, failregex: [failregex], ignoreregex: [], maxlines: 1, journalmatch: [] },
    backend: 'file',
    logpath: ['/x'],
    ports: { protocol: 'tcp', ports: [22] },
    ignoreip: [],
    maxmatches: 5,
    settings: { enabled: true, maxretry: 1, findtime: 600, bantime: 600 },
  })
  if (!compiled.ok) throw new Error(compiled.problems.join())
  return { jail: compiled.jail, sources: ['/x'] }
}

const line = (text: string): LogLine => ({ source: '/x', text, readAt: NOW, live: true })
/** A look-ahead keeps V8 from its linear engine, so this backtracks without end. */
const EVIL = String.raw`^(?:a+)+(?!b) from <HOST>$`
const TRAP = line(`${'a'.repeat(60)}! from 192.0.2.9`)

function makeDecider(jails: readonly PlannedJail[]) {
  const engine = makeEngine()
  engine.step({ kind: 'plan', plan: { jails, never: NEVER_NOBODY } }, NOW)
  const stuck: string[] = []
  const decider = new Decider({ engine, log, now: () => NOW, onStuck: (name) => stuck.push(name) })
  const decide = async (...lines: readonly LogLine[]) => {
    const effects: Effect[] = []
    await decider.take(
      '/x',
      { lines, cursor: '' },
      async (next) => void effects.push(...(await next()).effects),
    )
    return effects.flatMap((effect) => (effect.kind === 'ban' ? [`${effect.ban.jail} ${effect.ban.ip}`] : []))
  }
  return { decide, stuck, decider }
}

describe('a guard', () => {
  it('lets finish what finishes, and passes on what is thrown', () => {
    let ran = false
    expect(finishesWithin(100, () => void (ran = true))).toBe(true)
    expect(ran).toBe(true)
    expect(() => finishesWithin(100, () => JSON.parse('{'))).toThrow(SyntaxError)
  })

  it('ends an expression that backtracks without end', () => {
    const evil = /^(?:a+)+(?!b)c$/i
    expect(finishesWithin(100, () => void evil.test('a'.repeat(60)))).toBe(false)
  })
})

describe('deciding on lines', () => {
  it('skips the line that holds an expression up, and nothing else', async () => {
    const { decide, stuck } = makeDecider([jail('evil', EVIL), jail('good', '^bad from <HOST>$')])
    const bans = await decide(
      line('bad from 192.0.2.1'),
      TRAP,
      line('bad from 192.0.2.2'),
      line('aa from 192.0.2.3'),
    )
    expect(bans).toEqual(['good 192.0.2.1', 'good 192.0.2.2', 'evil 192.0.2.3'])
    expect(stuck).toEqual([])
  })

  it('names the jail to which it happens again, once', async () => {
    const { decide, stuck } = makeDecider([jail('evil', EVIL), jail('good', '^bad from <HOST>$')])
    await decide(TRAP)
    expect(stuck).toEqual([])
    await decide(TRAP, TRAP, TRAP)
    await decide(TRAP)
    expect(stuck).toEqual(['evil'])
  })

  it('holds strikes against the same expressions only, and tries again what was put aside', async () => {
    const jails = [jail('evil', EVIL)]
    const { decide, stuck, decider } = makeDecider(jails)
    decider.follow(jails)
    await decide(TRAP)
    decider.follow(jails)
    await decide(TRAP)
    expect(stuck).toEqual(['evil'])
    decider.follow(jails.map((each) => ({ ...each, sources: [] })))
    decider.follow(jails)
    expect(await decide(TRAP, line('aa from 192.0.2.3'))).toEqual(['evil 192.0.2.3'])
    decider.follow([jail('evil', EVIL)])
    await decide(TRAP)
    expect(stuck).toEqual(['evil'])
  })

  it('lets other jails see the lines that are left after one held an expression up', async () => {
    const { decide } = makeDecider([jail('evil', EVIL), jail('good', '^.*from <HOST>$')])
    expect(await decide(TRAP, line('bad from 192.0.2.2'))).toEqual(['good 192.0.2.9', 'good 192.0.2.2'])
  })
})
