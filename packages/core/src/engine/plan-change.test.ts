import { describe, expect, it } from 'vitest'
import type { Ban } from '../ban/ban.ts'
import type { Failure } from '../failure/failure.ts'
import { JOURNAL } from '../line/line.ts'
import { makeEngine, type Engine } from './engine.ts'
import type { NeverBan } from '../jail/never.ts'
import type { Input } from './input.ts'
import { NOW, MINUTE, DEFINITION, planned, planOf, engineWith, failedLogin, kindsOf, banOf } from './stage.ts'

describe('a changed plan', () => {
  it('keeps the counts of a source and a jail', () => {
    const engine = engineWith(planned())
    engine.step(failedLogin('192.0.2.1'), NOW)
    expect(engine.step({ kind: 'plan', plan: planOf(planned({ maxmatches: 1 })) }, NOW)).toEqual([])
    expect(engine.view()).toMatchObject({
      jails: [{ matches: 1, tracked: 1 }],
      sources: [{ lines: 1 }, { lines: 0 }],
    })
    expect(kindsOf(engine.step(failedLogin('192.0.2.1'), NOW))).toEqual(['failure.found', 'ban: ban.added'])
  })

  it('brings its new filter and its new sources', () => {
    const engine = engineWith(planned())
    const filter = { ...DEFINITION.filter, failregex: ['bad <HOST>$'] }
    engine.step({ kind: 'plan', plan: planOf(planned({ filter }, ['/new.log'])) }, NOW)
    expect(engine.step(failedLogin('192.0.2.1'), NOW)).toEqual([])
    expect(
      engine.step({ kind: 'line', line: { source: '/new.log', text: 'bad 192.0.2.1', readAt: NOW } }, NOW),
    ).toHaveLength(1)
    expect(engine.view().sources.map((source) => source.id)).toEqual(['/new.log', JOURNAL])
  })

  it('lifts first, then stops and starts', () => {
    const engine = engineWith(planned())
    engine.step({ kind: 'restore', bans: [banOf('192.0.2.1')], failures: [] }, NOW)
    const effects = engine.step({ kind: 'plan', plan: planOf(planned({ name: 'other' })) }, NOW)
    expect(kindsOf(effects)).toEqual(['lift: ban.lifted', 'jail.stopped', 'jail.started'])
  })

  it.each<[string, NeverBan, string]>([
    [
      'ignoreip',
      { groups: [{ reason: 'ignoreip', targets: ['192.0.2.0/24'] }] },
      'never banned: ignoreip names it',
    ],
    [
      'own',
      { groups: [{ reason: 'own-address', targets: ['192.0.2.1'] }] },
      'never banned: it is an address of this node',
    ],
  ])('lifts who is never banned from now on: %s', (_, never, reason) => {
    const engine = engineWith(planned())
    engine.step({ kind: 'restore', bans: [banOf('192.0.2.1')], failures: [] }, NOW)
    const [effect] = engine.step({ kind: 'plan', plan: { jails: [planned()], never } }, NOW)
    expect(effect).toMatchObject({ kind: 'lift', ip: '192.0.2.1', then: { by: 'agent', reason } })
  })
})

describe('after a restart', () => {
  const failureOf = (minutes: number): Failure => ({
    jail: 'sshd',
    ip: '192.0.2.1',
    at: NOW - minutes * MINUTE,
    line: 'x',
  })
  const restore = (bans: readonly Ban[], failures: readonly Failure[]): Input => ({
    kind: 'restore',
    bans,
    failures,
  })

  it.each<[string, (engine: Engine) => void]>([
    [
      'before the plan',
      (engine) => {
        engine.step(restore([], [failureOf(5)]), NOW)
        engine.step({ kind: 'plan', plan: planOf(planned()) }, NOW)
      },
    ],
    [
      'after the plan',
      (engine) => {
        engine.step({ kind: 'plan', plan: planOf(planned()) }, NOW)
        engine.step(restore([], [failureOf(5)]), NOW)
      },
    ],
  ])('failures count when they are restored %s', (_, begin) => {
    const engine = makeEngine()
    begin(engine)
    expect(kindsOf(engine.step(failedLogin('192.0.2.1'), NOW))).toEqual(['failure.found', 'ban: ban.added'])
  })

  it.each<[string, Ban[], Failure[]]>([
    ['they led to a ban that is in force', [banOf('192.0.2.1', { at: NOW - MINUTE })], [failureOf(1)]],
    ['they are too old', [], [failureOf(11)]],
    ['their jail is gone', [], [{ ...failureOf(1), jail: 'gone' }]],
  ])('failures do not count when %s', (_, bans, failures) => {
    const engine = engineWith(planned())
    engine.step(restore(bans, failures), NOW)
    expect(engine.view().jails[0]?.tracked).toBe(0)
  })

  it('bans are in force without an event, and those of unknown jails are lifted with the plan', () => {
    const engine = makeEngine()
    expect(engine.step(restore([banOf('192.0.2.1'), banOf('192.0.2.2', { jail: 'gone' })], []), NOW)).toEqual(
      [],
    )
    expect(engine.bans()).toHaveLength(2)
    expect(kindsOf(engine.step({ kind: 'plan', plan: planOf(planned()) }, NOW))).toEqual([
      'lift: ban.lifted',
      'jail.started',
    ])
    expect(engine.bans()).toHaveLength(1)
  })

  it('bans that ended meanwhile are told, and are not in force', () => {
    const engine = engineWith(planned())
    expect(kindsOf(engine.step(restore([banOf('192.0.2.1', { until: NOW })], []), NOW))).toEqual([
      'ban.expired',
    ])
    expect(engine.bans()).toEqual([])
  })
})
