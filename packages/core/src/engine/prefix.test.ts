import { describe, expect, it } from 'vitest'
import type { GrowthDefinition } from '../ban/growth.ts'
import { makeEngine, type Engine } from './engine.ts'
import { DEFINITION, engineWith, failedLogin, kindsOf, MINUTE, NOW, planned, planOf } from './stage.ts'

const PREFIX = '2001:db8:1:2::/64'
const [ONE, TWO, OTHER] = ['2001:db8:1:2::1', '2001:db8:1:2:aaaa::2', '2001:db8:1:3::1']
const by64 = () => planned({ ipv6prefix: 64 })
const bannedIn = (engine: Engine) => engine.bans().map(({ jail, ip }) => `${jail} ${ip}`)
const lift = (ip: string, id = 'o1') =>
  ({
    kind: 'order',
    order: { kind: 'lift', id, ip, jail: null, by: 'anna', issuedAt: NOW + MINUTE },
  }) as const

describe('IPv6 addresses of one prefix', () => {
  it('are counted and banned as one, and the evidence says who they were', () => {
    const engine = engineWith(by64())
    expect(kindsOf(engine.step(failedLogin(ONE), NOW))).toEqual(['failure.found'])
    const [found, ban] = engine.step(failedLogin(TWO), NOW)
    expect(found).toMatchObject({ event: { kind: 'failure.found', ip: TWO } })
    expect(ban).toMatchObject({
      ban: {
        ip: PREFIX,
        ticket: {
          failures: 2,
          lines: [expect.stringContaining(`from ${ONE} `), expect.stringContaining(`from ${TWO} `)],
        },
      },
    })
    expect(kindsOf(engine.step(failedLogin(OTHER), NOW))).toEqual(['failure.found'])
  })

  it('are told apart where the jail says nothing of prefixes', () => {
    const engine = engineWith(planned())
    engine.step(failedLogin(ONE), NOW)
    engine.step(failedLogin(TWO), NOW)
    expect(bannedIn(engine)).toEqual([])
    engine.step(failedLogin(TWO), NOW)
    expect(bannedIn(engine)).toEqual([`sshd ${TWO}`])
  })

  it('are banned one by one where somebody who is never banned is among them', () => {
    const engine = makeEngine()
    const never = { groups: [{ reason: 'gateway' as const, targets: ['2001:db8:1:2::fffe'] }] }
    engine.step({ kind: 'plan', plan: { jails: [by64()], never } }, NOW)
    for (const ip of [ONE, TWO, ONE]) engine.step(failedLogin(ip), NOW)
    expect(bannedIn(engine)).toEqual([`sshd ${ONE}`])
    engine.step(failedLogin('2001:db8:1:2::fffe'), NOW)
    const [ignored] = engine.step(failedLogin('2001:db8:1:2::fffe'), NOW + MINUTE)
    expect(ignored).toMatchObject({ event: { kind: 'failure.ignored', reason: 'gateway' } })
  })

  it('are no longer banned as one when somebody among them may not be banned any more', () => {
    const engine = engineWith(by64())
    for (const ip of [ONE, TWO]) engine.step(failedLogin(ip), NOW)
    const never = { groups: [{ reason: 'ignoreip' as const, targets: [OTHER, '2001:db8:1:2::7'] }] }
    const effects = engine.step({ kind: 'plan', plan: { jails: [by64()], never } }, NOW)
    expect(effects[0]).toMatchObject({
      kind: 'lift',
      ip: PREFIX,
      then: { reason: 'never banned: ignoreip names it' },
    })
  })

  it('are lifted by the name of any of them, and start from nothing', () => {
    const growth: GrowthDefinition = {
      factor: 1,
      multipliers: [],
      formula: null,
      maxtime: null,
      rndtime: 0,
      overalljails: false,
    }
    const engine = engineWith(planned({ ipv6prefix: 64, growth }))
    for (const ip of [ONE, TWO]) engine.step(failedLogin(ip), NOW)
    expect(engine.step(lift('2001:db8:1:2::9'), NOW)).toMatchObject([
      { kind: 'lift', ip: PREFIX },
      { event: { kind: 'order.finished', changed: 1 } },
    ])
    expect(bannedIn(engine)).toEqual([])
    engine.step(failedLogin(ONE), NOW)
    expect(engine.step(lift(TWO, 'o2'), NOW)).toHaveLength(1)
    expect(kindsOf(engine.step(failedLogin(ONE), NOW))).toEqual(['failure.found'])
    const [, ban] = engine.step(failedLogin(TWO), NOW)
    expect(ban).toMatchObject({ ban: { ip: PREFIX, until: NOW + 600_000 } })
  })

  it('leave a subnet that an operator banned as it is', () => {
    const engine = engineWith(by64())
    const ban = {
      kind: 'ban',
      id: 'b',
      ip: PREFIX,
      jail: 'manual',
      bantime: 60,
      by: 'anna',
      expiresAt: NOW,
    } as const
    engine.step({ kind: 'order', order: ban }, NOW)
    engine.step(lift(ONE), NOW)
    expect(bannedIn(engine)).toEqual([`manual ${PREFIX}`])
  })

  it('grow by their prefix, also as bans that are counted', () => {
    const growth: GrowthDefinition = {
      factor: 1,
      multipliers: [1, 2, 4],
      formula: null,
      maxtime: null,
      rndtime: 0,
      overalljails: false,
    }
    const settings = { ...DEFINITION.settings, findtime: 3_600 }
    const recidive = planned({ name: 'recidive', backend: 'bans', settings, ipv6prefix: 64 }, [])
    const engine = engineWith(planned({ ipv6prefix: 64, growth }), recidive)
    for (const ip of [ONE, TWO]) engine.step(failedLogin(ip), NOW)
    const later = NOW + 10 * MINUTE + 1
    engine.step({ kind: 'tick' }, later)
    const again = failedLogin(OTHER.replace('1:3', '1:2'), { readAt: later, writtenAt: later })
    const effects = [...engine.step(again, later), ...engine.step(again, later)]
    expect(effects.flatMap((effect) => (effect.kind === 'ban' ? [effect.ban] : []))).toMatchObject([
      { jail: 'sshd', ip: PREFIX, until: later + 1_200_000 },
      { jail: 'recidive', ip: PREFIX, ticket: { counts: 'bans', failures: 2 } },
    ])
  })

  it('are still counted as one after a restart', () => {
    const failure = { jail: 'sshd', ip: ONE, at: NOW - MINUTE, line: 'x' }
    const engine = makeEngine()
    engine.step({ kind: 'restore', bans: [], failures: [failure] }, NOW)
    engine.step({ kind: 'plan', plan: planOf(by64()) }, NOW)
    engine.step(failedLogin(TWO), NOW)
    expect(bannedIn(engine)).toEqual([`sshd ${PREFIX}`])
  })
})
