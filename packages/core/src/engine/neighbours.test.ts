import { describe, expect, it } from 'vitest'
import type { Ban } from '../ban/ban.ts'
import type { GrowthDefinition } from '../ban/growth.ts'
import { explainBan } from '../ban/explain.ts'
import { chanceFrom } from '../ban/chance.ts'
import { contains, isSubnet } from '../ip/cidr.ts'
import type { JailDefinition } from '../jail/definition.ts'
import type { Effect } from './effect.ts'
import { makeEngine, type Engine } from './engine.ts'
import { banOf, DEFINITION, engineWith, failedLogin, kindsOf, MINUTE, NOW, planned, planOf } from './stage.ts'

const ALL = '192.0.2.0/24'
const settings = { ...DEFINITION.settings, maxretry: 1 }
const aggregating = (change: Partial<JailDefinition> = {}) => planned({ settings, aggregate: 3, ...change })
const bannedIn = (engine: Engine) => engine.bans().map(({ ip }) => ip)
const host = (last: number) => `192.0.2.${last}`
const fail = (engine: Engine, ip: string, at = NOW) =>
  engine.step(failedLogin(ip, { readAt: at, writtenAt: at }), at)
const bansOf = (effects: readonly Effect[]): readonly Ban[] =>
  effects.flatMap((effect) => (effect.kind === 'ban' ? [effect.ban] : []))
const lift = (ip: string, issuedAt = NOW) =>
  ({
    kind: 'order',
    order: { kind: 'lift', id: `${ip} ${issuedAt}`, ip, jail: null, by: 'anna', issuedAt },
  }) as const
const GROWING: GrowthDefinition = {
  factor: 1,
  multipliers: [1, 2, 4],
  formula: null,
  maxtime: null,
  rndtime: 0,
  overalljails: false,
}

describe('banned neighbours', () => {
  it('are banned whole when they are enough, and the evidence says who they were', () => {
    const engine = engineWith(aggregating())
    for (const last of [1, 2]) expect(bansOf(fail(engine, host(last)))).toHaveLength(1)
    const effects = fail(engine, host(3), NOW + MINUTE)
    expect(kindsOf(effects)).toEqual(['failure.found', 'ban: ban.added', 'ban: ban.added'])
    const [one, all] = bansOf(effects)
    expect(one?.ip).toBe(host(3))
    expect(all).toMatchObject({
      jail: 'sshd',
      ip: ALL,
      at: NOW + MINUTE,
      until: NOW + MINUTE + 600_000,
      origin: 'detected',
    })
    if (all !== undefined)
      expect(explainBan(all)).toBe('3 of its addresses banned within 60 seconds (limit 3 in 10 minutes)')
    expect(all?.ticket?.lines).toEqual(
      [1, 2, 3].map((last) => expect.stringContaining(`${host(last)}: 1 failed`)),
    )
  })

  const SUBNETS = ['2001:db8::1', '2001:db8:0:1::1', '2001:db8:0:ff::9']
  it.each<[string, readonly string[], Partial<JailDefinition>, readonly string[]]>([
    ['of one /24', [host(1), host(255), host(7)], {}, [ALL]],
    ['of two', [host(1), '192.0.3.1', host(7)], {}, []],
    ['of whom one came again', [host(1), host(1), host(2)], {}, []],
    ['too few', [host(1), host(2)], {}, []],
    ['of one /56', SUBNETS, {}, ['2001:db8::/56']],
    ['of one /56 that count by their /64', SUBNETS, { ipv6prefix: 64 }, ['2001:db8::/56']],
    ['of one /64 that count by it', ['2001:db8::1', '2001:db8::2', '2001:db8::3'], { ipv6prefix: 64 }, []],
    ['that count by as much', SUBNETS, { ipv6prefix: 48 }, []],
  ])('%s', (_, ips, change, wholes) => {
    const engine = engineWith(aggregating(change))
    for (const [index, ip] of ips.entries()) fail(engine, ip, NOW + index * 2 * MINUTE)
    expect(bannedIn(engine).filter((ip) => /\/(?:24|56)$/.test(ip))).toEqual(wholes)
  })

  it('are banned one by one where the jail says nothing of them', () => {
    const engine = engineWith(planned({ settings }))
    for (const last of [1, 2, 3, 4, 5]) fail(engine, host(last))
    expect(bannedIn(engine)).toEqual([1, 2, 3, 4, 5].map(host))
  })

  it('count within findtime only', () => {
    const engine = engineWith(aggregating())
    for (const [index, last] of [1, 2, 3].entries()) fail(engine, host(last), NOW + index * 6 * MINUTE)
    expect(bannedIn(engine)).toEqual([host(2), host(3)])
    fail(engine, host(4), NOW + 13 * MINUTE)
    expect(bannedIn(engine)).toContain(ALL)
  })

  it('have no further bans of their own while all are banned, but may outlast it', () => {
    const engine = engineWith(aggregating())
    for (const last of [1, 2, 3]) fail(engine, host(last))
    expect(kindsOf(fail(engine, host(4), NOW + 1))).toEqual(['failure.found'])
    expect(kindsOf(fail(engine, host(1), NOW + 1))).toEqual(['failure.found'])
    // Whoever still fails after that is not shut out by it, and is banned from then on.
    const [late] = bansOf(fail(engine, host(4), NOW + 2 * MINUTE))
    expect(late).toMatchObject({ ip: host(4), until: NOW + 12 * MINUTE })
    engine.step({ kind: 'tick' }, NOW + 10 * MINUTE)
    expect(bannedIn(engine)).toEqual([host(4)])
  })

  it('grow as any ban does', () => {
    const engine = engineWith(aggregating({ growth: GROWING }))
    for (const last of [1, 2, 3]) fail(engine, host(last))
    const later = NOW + 11 * MINUTE
    const all = [4, 5, 6].flatMap((last) => bansOf(fail(engine, host(last), later)))
    expect(all.at(-1)).toMatchObject({ ip: ALL, until: later + 1_200_000, ticket: { offence: 2 } })
  })

  it('count by their whole in a jail that counts bans', () => {
    const engine = engineWith(
      aggregating(),
      planned(
        { name: 'recidive', backend: 'bans', settings: { ...DEFINITION.settings, findtime: 3_600 } },
        [],
      ),
    )
    for (const last of [1, 2, 3]) fail(engine, host(last))
    const later = NOW + 11 * MINUTE
    for (const last of [4, 5, 6]) fail(engine, host(last), later)
    expect(engine.bans().map(({ jail, ip }) => `${jail} ${ip}`)).toContain(`recidive ${ALL}`)
  })

  it('are not banned whole where somebody among them is never banned, which is told', () => {
    const engine = makeEngine()
    const never = { groups: [{ reason: 'gateway' as const, targets: [host(254)] }] }
    engine.step({ kind: 'plan', plan: { jails: [aggregating()], never } }, NOW)
    const effects = [1, 2, 3].flatMap((last) => fail(engine, host(last)))
    expect(effects.at(-1)).toEqual({
      kind: 'record',
      event: { kind: 'ban.refused', jail: 'sshd', ip: ALL, reason: 'gateway' },
    })
    expect(bannedIn(engine)).toEqual([1, 2, 3].map(host))
    // Not with each further one.
    expect(kindsOf(fail(engine, host(4)))).toEqual(['failure.found', 'ban: ban.added'])
  })

  it('are no longer banned whole when somebody among them may not be banned any more', () => {
    const engine = engineWith(aggregating())
    for (const last of [1, 2, 3]) fail(engine, host(last))
    const never = { groups: [{ reason: 'operator' as const, targets: [host(77)] }] }
    const effects = engine.step({ kind: 'plan', plan: { jails: [aggregating()], never } }, NOW)
    expect(effects).toMatchObject([{ kind: 'lift', ip: ALL }])
    expect(bannedIn(engine)).toEqual([1, 2, 3].map(host))
  })

  it('are lifted with any of them, the bans of the others stay, and all count from nothing', () => {
    const engine = engineWith(aggregating())
    for (const last of [1, 2, 3]) fail(engine, host(last))
    expect(engine.step(lift(host(2)), NOW)).toMatchObject([
      { kind: 'lift', ip: host(2) },
      { kind: 'lift', ip: ALL },
      { event: { kind: 'order.finished', changed: 2 } },
    ])
    for (const last of [4, 5]) expect(bansOf(fail(engine, host(last)))).toHaveLength(1)
    expect(bannedIn(engine)).toEqual([1, 3, 4, 5].map(host))
    expect(bansOf(fail(engine, host(6)))).toMatchObject([{ ip: host(6) }, { ip: ALL }])
  })

  it('leave a subnet that an operator banned as it is', () => {
    const engine = engineWith(aggregating())
    const order = {
      kind: 'ban',
      id: 'b',
      ip: ALL,
      jail: 'manual',
      bantime: 60,
      by: 'anna',
      expiresAt: NOW,
    } as const
    engine.step({ kind: 'order', order }, NOW)
    for (const last of [1, 2, 3]) fail(engine, host(last))
    engine.step(lift(host(9)), NOW)
    expect(engine.bans().filter(({ ip }) => isSubnet(ip))).toMatchObject([{ jail: 'manual', ip: ALL }])
  })

  it('do not count when an operator bans them', () => {
    const engine = engineWith(aggregating())
    const order = (ip: string) =>
      ({ kind: 'ban', id: ip, ip, jail: 'sshd', bantime: 60, by: 'anna', expiresAt: NOW }) as const
    for (const last of [1, 2, 3]) engine.step({ kind: 'order', order: order(host(last)) }, NOW)
    expect(bannedIn(engine)).toEqual([1, 2, 3].map(host))
  })

  it('count when other nodes found them', () => {
    const engine = engineWith(aggregating())
    const from = { share: 's', nodes: ['pve2'], jail: 'sshd', policy: 'cluster' }
    const shared = [1, 2].map((last) => ({ ip: host(last), at: NOW, until: NOW + MINUTE, from }))
    engine.step({ kind: 'share', bans: shared }, NOW)
    expect(bansOf(fail(engine, host(3))).map(({ ip }) => ip)).toEqual([host(3), ALL])
  })

  it('are not banned twice when all of them come as shares', () => {
    const engine = engineWith(aggregating())
    const from = { share: 's', nodes: ['pve2'], jail: 'sshd', policy: 'cluster' }
    const ips = [...[1, 2, 3].map(host), ALL]
    const bans = ips.map((ip) => ({ ip, at: NOW, until: NOW + 10 * MINUTE, from }))
    const effects = engine.step({ kind: 'share', bans }, NOW)
    expect(bansOf(effects).map(({ ip, origin }) => `${ip} ${origin}`)).toEqual(
      ips.map((ip) => `${ip} shared`),
    )
  })

  const older = [1, 2].map((last) => banOf(host(last)))
  const restored = { kind: 'restore', bans: older, failures: [] } as const
  const plan = { kind: 'plan', plan: planOf(aggregating()) } as const
  it.each([
    ['after a restart', [restored, plan]],
    ['after a restart with the plan first', [plan, restored]],
    [
      'once the jail aggregates',
      [{ kind: 'plan', plan: planOf(planned({ settings })) } as const, restored, plan],
    ],
  ])('still count %s', (_, inputs) => {
    const engine = makeEngine()
    for (const input of inputs) engine.step(input, NOW)
    expect(bansOf(fail(engine, host(3))).map(({ ip }) => ip)).toEqual([host(3), ALL])
  })

  it('that were banned whole do not count again after a restart', () => {
    const before = engineWith(aggregating())
    for (const last of [1, 2, 3]) fail(before, host(last))
    const engine = makeEngine()
    engine.step({ kind: 'restore', bans: before.bans(), failures: [] }, NOW)
    engine.step(plan, NOW)
    expect(bannedIn(engine)).toEqual(bannedIn(before))
    // Of the whole and the two that outlast it, only the two are new.
    const later = NOW + 2 * MINUTE
    for (const last of [4, 5]) expect(bansOf(fail(engine, host(last), later))).toHaveLength(1)
  })

  it('never shut out who is never banned, whatever is banned in whatever order', () => {
    const jails = [2, 3, 4].flatMap((aggregate) => [
      aggregating({ aggregate }),
      aggregating({ aggregate, ipv6prefix: 64 }),
    ])
    for (let seed = 0; seed < 20; seed++) {
      const chance = chanceFrom(seed)
      const below = (most: number) => Math.floor(chance() * most)
      const anybody = () =>
        below(2) === 0 ? `192.0.${below(3)}.${below(6)}` : `2001:db8:0:${below(4)}${below(3)}0::${below(4)}`
      const targets = [anybody(), anybody()]
      const replan = () => {
        const jail = jails[below(jails.length)] ?? aggregating()
        return {
          kind: 'plan',
          plan: { jails: [jail], never: { groups: [{ reason: 'ignoreip', targets }] } },
        } as const
      }
      const engine = makeEngine()
      engine.step(replan(), NOW)
      for (let at = NOW; at < NOW + 40 * MINUTE; at += MINUTE) {
        const what = below(8)
        if (what === 0) engine.step(lift(anybody(), at), at)
        else if (what === 1) engine.step(replan(), at)
        else fail(engine, anybody(), at)
        const hit = bannedIn(engine).find((ip) => targets.some((one) => contains(ip, one)))
        expect(hit, `seed ${seed}`).toBeUndefined()
      }
    }
  })
})
