import { describe, expect, it } from 'vitest'
import { OFFENCES_LAST_MS } from '../ban/offences.ts'
import type { GrowthDefinition } from '../ban/growth.ts'
import { makeEngine, type Engine } from './engine.ts'
import { DEFINITION, failedLogin, MINUTE, NOW, planned, planOf } from './stage.ts'

const GROWTH: GrowthDefinition = {
  factor: 1,
  multipliers: [],
  formula: null,
  maxtime: null,
  rndtime: 0,
  overalljails: false,
}
const HOUR = 60 * MINUTE

function engineOf(growth: Partial<GrowthDefinition> = {}, options: Parameters<typeof makeEngine>[0] = {}) {
  const engine = makeEngine(options)
  const change = { growth: { ...GROWTH, ...growth }, settings: { ...DEFINITION.settings, maxretry: 1 } }
  const jails = [planned(change), planned({ ...change, name: 'other' }, ['/other.log'])]
  engine.step({ kind: 'plan', plan: planOf(...jails) }, NOW)
  return engine
}

/** Lets an address fail at a moment → how long it is banned, in seconds; null: it is not. */
function lengthAt(engine: Engine, at: number, source?: string): number | null {
  const line = { readAt: at, writtenAt: at, ...(source === undefined ? {} : { source }) }
  const [ban] = engine
    .step(failedLogin('192.0.2.1', line), at)
    .flatMap((effect) => (effect.kind === 'ban' && effect.then.kind === 'ban.added' ? [effect.ban] : []))
  return ban?.until == null ? null : (ban.until - at) / 1_000
}

const hours = (engine: Engine, ...at: number[]): readonly (number | null)[] =>
  at.map((hour) => lengthAt(engine, NOW + hour * HOUR))

describe('semantics of growing bans', () => {
  it('the second ban is twice as long, the third four times', () => {
    expect(hours(engineOf(), 0, 1, 2, 3)).toEqual([600, 1200, 2400, 4800])
  })

  it('multipliers take the place of the formula, and the last one holds on', () => {
    expect(hours(engineOf({ multipliers: [1, 2, 2.5], factor: 2 }), 0, 1, 2, 3)).toEqual([
      600, 2400, 3000, 3000,
    ])
  })

  it('maxtime caps, below bantime too, but not a first ban; rndtime comes on top of it', () => {
    expect(hours(engineOf({ maxtime: 300 }), 0, 1)).toEqual([600, 300])
    const [, length] = hours(engineOf({ maxtime: 300, rndtime: 100 }, { seed: 5 }), 0, 1)
    expect(length).toBeGreaterThan(300)
    expect(length).toBeLessThanOrEqual(400)
  })

  it('what is left to chance follows from the seed', () => {
    const lengths = (seed: number) => hours(engineOf({ rndtime: 1_000 }, { seed }), 0, 1, 2)
    expect(lengths(1)).toEqual(lengths(1))
    expect(lengths(1)).not.toEqual(lengths(2))
  })

  it('bans of other jails count with overalljails only', () => {
    const [one, all] = [engineOf(), engineOf({ overalljails: true })]
    for (const engine of [one, all]) lengthAt(engine, NOW, '/other.log')
    expect([lengthAt(one, NOW), lengthAt(all, NOW)]).toEqual([600, 1200])
  })

  it('with overalljails a ban counts as many as there were in all jails, and adds to them so', () => {
    const engine = engineOf({ overalljails: true })
    const sources = [undefined, '/other.log', undefined, '/other.log', undefined]
    const lengths = sources.map((source, hour) => lengthAt(engine, NOW + 100 * hour * HOUR, source))
    expect(lengths).toEqual([600, 1_200, 4_800, 38_400, 1_228_800])
  })

  it('failures that were written after those that led to a ban are of a known offender, whenever they come in', () => {
    const engine = makeEngine({ onTheWayMs: 0 })
    const settings = { ...DEFINITION.settings, maxretry: 3 }
    engine.step({ kind: 'plan', plan: planOf(planned({ growth: GROWTH, settings })) }, NOW)
    const fail = (seconds: number) =>
      engine.step(failedLogin('192.0.2.1', { writtenAt: NOW - 60_000 + seconds * 1_000 }), NOW).length
    expect([0, 1, 2, 3, 4].map(fail)).toEqual([1, 1, 2, 1, 2])
  })

  it('bans by hand count, and grow where they name no length', () => {
    const engine = engineOf()
    const order = { kind: 'ban', ip: '192.0.2.1', jail: 'sshd', bantime: null, by: 'anna' } as const
    const give = (id: string, at: number): number =>
      (engine
        .step({ kind: 'order', order: { ...order, id, expiresAt: at } }, at)
        .flatMap((effect) => (effect.kind === 'ban' ? [effect.ban.until ?? 0] : []))[0] ?? 0) - at
    expect([give('a', NOW), give('b', NOW + HOUR)]).toEqual([600_000, 1_200_000])
    expect(give('c', NOW + HOUR + 15 * MINUTE), 'banned already').toBe(600_000)
    expect(lengthAt(engine, NOW + 2 * HOUR)).toBe(2400)
  })

  it('one for ever stays for ever', () => {
    const engine = makeEngine()
    const settings = { ...DEFINITION.settings, maxretry: 1, bantime: -1 }
    engine.step({ kind: 'plan', plan: planOf(planned({ growth: GROWTH, settings })) }, NOW)
    const offences = [{ jail: 'sshd', ip: '192.0.2.1', bans: 4, lastAt: NOW - HOUR }]
    engine.step({ kind: 'restore', bans: [], failures: [], offences }, NOW)
    engine.step(failedLogin('192.0.2.1'), NOW)
    expect(engine.bans()).toMatchObject([{ until: null, ticket: { offence: 5 } }])
  })

  it('a bantime that changes leaves a ban in force its end, and lengthens it only where its address fails again', () => {
    const engine = makeEngine()
    const plan = (bantime: number) =>
      planOf(planned({ settings: { ...DEFINITION.settings, maxretry: 1, bantime } }))
    const untils = () => engine.bans().map(({ until }) => (until === null ? null : (until - NOW) / 1_000))
    engine.step({ kind: 'plan', plan: plan(600) }, NOW)
    engine.step(failedLogin('192.0.2.1'), NOW)
    for (const bantime of [60, 6_000, -1]) {
      engine.step({ kind: 'plan', plan: plan(bantime) }, NOW)
      expect(untils()).toEqual([600])
    }
    engine.step({ kind: 'plan', plan: plan(6_000) }, NOW)
    const later = NOW + 5 * MINUTE
    engine.step(failedLogin('192.0.2.1', { readAt: later, writtenAt: later }), later)
    expect(untils()).toEqual([6_300])
  })

  it('who kept quiet for three months is a first offender', () => {
    const engine = engineOf()
    hours(engine, 0, 1)
    const later = NOW + HOUR + OFFENCES_LAST_MS + 1
    engine.step({ kind: 'tick' }, later)
    expect(lengthAt(engine, later)).toBe(600)
  })

  it('failures before the last ban do not count more', () => {
    const engine = makeEngine()
    const settings = { ...DEFINITION.settings, maxretry: 4 }
    engine.step({ kind: 'plan', plan: planOf(planned({ growth: GROWTH, settings })) }, NOW)
    const offences = [{ jail: 'sshd', ip: '192.0.2.1', bans: 1, lastAt: NOW }]
    engine.step({ kind: 'restore', bans: [], failures: [], offences }, NOW)
    const fail = (ms: number) => engine.step(failedLogin('192.0.2.1', { writtenAt: NOW + ms }), NOW + 1)
    expect([0, 0, 0].map((ms) => fail(ms).length)).toEqual([1, 1, 1])
    expect(fail(1)).toMatchObject([{ kind: 'record' }, { ban: { ticket: { failures: 4, offence: 2 } } }])
  })

  it('nothing grows where it is not asked for', () => {
    const engine = makeEngine()
    const settings = { ...DEFINITION.settings, maxretry: 1 }
    engine.step({ kind: 'plan', plan: planOf(planned({ settings })) }, NOW)
    expect(hours(engine, 0, 1, 2)).toEqual([600, 600, 600])
    expect(engine.bans()[0]?.ticket).not.toHaveProperty('offence')
  })
})

describe('semantics of bans', () => {
  it('a ban that is over by the plain bantime is not made, though it would grow beyond now', () => {
    const engine = engineOf()
    hours(engine, 0)
    const now = NOW + 2 * HOUR
    const late = failedLogin('192.0.2.1', { writtenAt: now - 10 * MINUTE, readAt: now })
    expect(engine.step(late, now).filter(({ kind }) => kind === 'ban')).toEqual([])
  })
})
