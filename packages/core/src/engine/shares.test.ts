import { describe, expect, it } from 'vitest'
import { explainBan } from '../ban/explain.ts'
import { engineWith, failedLogin, kindsOf, MINUTE, NOW, planned, planOf } from './stage.ts'
import type { SharedBan } from './share.ts'

const from = { share: 'a', nodes: ['pve1'], jail: 'sshd', policy: 'cluster' }
const ticket = {
  failures: 5,
  first: NOW - MINUTE,
  last: NOW - 1,
  maxretry: 5,
  findtime: 600,
  users: ['root'],
  lines: [],
}
const shared = (ip: string, over: Partial<SharedBan> = {}): SharedBan => ({
  ip,
  at: NOW - MINUTE,
  until: NOW + 9 * MINUTE,
  from,
  ticket,
  ...over,
})
const IP = '192.0.2.1'

describe('a ban that was made elsewhere', () => {
  it('is enforced for the rest of its time and says where it comes from', () => {
    const engine = engineWith(planned())
    expect(kindsOf(engine.step({ kind: 'share', bans: [shared(IP)] }, NOW))).toEqual(['ban: ban.added'])
    const [ban] = engine.bans()
    expect(ban).toMatchObject({
      jail: 'sshd',
      ip: IP,
      at: NOW - MINUTE,
      until: NOW + 9 * MINUTE,
      origin: 'shared',
    })
    expect(ban && explainBan(ban, 'pve2')).toBe(
      '5 failed logins as root within 60 seconds (limit 5 in 10 minutes), seen on pve1; shared by policy cluster',
    )
  })

  it.each([
    ['that is over', shared(IP, { until: NOW }), []],
    ['that is known, for as long', shared(IP), []],
    ['that lasts longer now', shared(IP, { until: NOW + 20 * MINUTE }), ['ban: ban.extended']],
    ['of who is never banned here', shared('203.0.113.7'), ['ban.refused']],
    ['of no address', shared('?'), ['ban.refused']],
  ])('%s', (_, ban, expected) => {
    const engine = engineWith(planned({ ignoreip: ['203.0.113.0/24'] }))
    engine.step({ kind: 'share', bans: [shared(IP)] }, NOW)
    expect(kindsOf(engine.step({ kind: 'share', bans: [ban] }, NOW))).toEqual(expected)
  })

  it('shuts all ports where its jail does not run, and holds when its jail stops', () => {
    const engine = engineWith(planned())
    engine.step(
      { kind: 'share', bans: [shared(IP, { from: { ...from, jail: 'web' } }), shared('192.0.2.2')] },
      NOW,
    )
    expect(engine.bans().map(({ jail }) => jail)).toEqual(['shared', 'sshd'])
    const effects = engine.step({ kind: 'plan', plan: planOf() }, NOW)
    expect(kindsOf(effects)).toEqual(['lift: ban.lifted', 'ban: ban.added', 'jail.stopped'])
    expect(engine.bans().map(({ jail, ip }) => `${jail} ${ip}`)).toEqual([
      'shared 192.0.2.1',
      'shared 192.0.2.2',
    ])
  })

  it('is lifted when it is not wanted any more, and nothing else is', () => {
    const engine = engineWith(planned())
    engine.step(
      { kind: 'share', bans: [shared(IP), shared('192.0.2.2', { from: { ...from, share: 'b' } })] },
      NOW,
    )
    const effects = engine.step({ kind: 'unshare', shares: new Set(['a', 'c']), by: 'ada' }, NOW)
    expect(effects).toMatchObject([{ kind: 'lift', ip: IP, then: { kind: 'ban.lifted', by: 'ada' } }])
    expect(engine.bans().map(({ ip }) => ip)).toEqual(['192.0.2.2'])
  })

  it('is lifted by an order that was given after it was made, though before it came here', () => {
    const engine = engineWith(planned())
    engine.step({ kind: 'share', bans: [shared(IP)] }, NOW)
    const lift = { kind: 'lift', id: 'x', ip: IP, jail: null, by: 'ada', issuedAt: NOW - 1 } as const
    expect(kindsOf(engine.step({ kind: 'order', order: lift }, NOW))).toEqual([
      'lift: ban.lifted',
      'order.finished',
    ])
  })

  it('does not count for jails that count bans', () => {
    const recidive = planned(
      {
        name: 'recidive',
        backend: 'bans',
        settings: { enabled: true, maxretry: 1, findtime: 600, bantime: 600 },
      },
      [],
    )
    const engine = engineWith(planned(), recidive)
    expect(kindsOf(engine.step({ kind: 'share', bans: [shared(IP)] }, NOW))).toEqual(['ban: ban.added'])
    engine.step(failedLogin('192.0.2.9'), NOW)
    expect(kindsOf(engine.step(failedLogin('192.0.2.9'), NOW))).toContain('ban: ban.added')
    expect(engine.bans().filter(({ jail }) => jail === 'recidive')).toHaveLength(1)
  })

  it('cannot stand against a plan under which the address is never banned', () => {
    const engine = engineWith(planned())
    engine.step({ kind: 'share', bans: [shared(IP)] }, NOW)
    const plan = { ...planOf(planned()), never: { groups: [{ reason: 'ignoreip' as const, targets: [IP] }] } }
    expect(kindsOf(engine.step({ kind: 'plan', plan }, NOW))).toEqual(['lift: ban.lifted'])
    expect(engine.bans()).toEqual([])
  })
})
