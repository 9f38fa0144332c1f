import { describe, expect, it } from 'vitest'
import type { JailDefinition } from '../jail/definition.ts'
import type { Effect } from './effect.ts'
import { makeEngine, type Engine } from './engine.ts'
import type { Reply } from './inquiry.ts'
import { DEFINITION, engineWith, failedLogin, kindsOf, NOW, planned, planOf } from './stage.ts'

const SETTINGS = { ...DEFINITION.settings, maxretry: 1 }
const engineOf = (change: Partial<JailDefinition>): Engine =>
  engineWith(planned({ settings: SETTINGS, ...change }))

const ask = (engine: Engine, ip: string, now = NOW): readonly Effect[] => engine.step(failedLogin(ip), now)

function answer(engine: Engine, asked: readonly Effect[], said: Reply): readonly Effect[] {
  return asked.flatMap((effect) =>
    effect.kind === 'ask' ? engine.step({ kind: 'reply', failure: effect.failure, reply: said }, NOW) : [],
  )
}

const addresses = (...texts: string[]): Reply => ({ kind: 'addresses', addresses: texts })
const ignored = (isIgnored: boolean): Reply => ({ kind: 'ignored', isIgnored })
const banned = (engine: Engine): readonly string[] => engine.bans().map(({ ip }) => ip)

describe('semantics of identifiers: host names', () => {
  it('are looked up, and each of their addresses fails', () => {
    const engine = engineOf({})
    const asked = ask(engine, 'host.example')
    expect(asked).toMatchObject([{ kind: 'ask', inquiry: { kind: 'addresses', name: 'host.example' } }])
    expect(engine.bans()).toEqual([])
    const effects = answer(engine, asked, addresses('192.0.2.1', '2001:DB8::1', 'no address', '192.0.2.1'))
    expect(kindsOf(effects)).toEqual(['failure.found', 'ban: ban.added', 'failure.found', 'ban: ban.added'])
    expect(banned(engine)).toEqual(['192.0.2.1', '2001:db8::1'])
  })

  it('are still banned in the very moment in which a ban of one of their addresses ends', () => {
    const engine = engineOf({})
    const fail = (now: number) => {
      const asked = engine.step(failedLogin('host.example', { readAt: now, writtenAt: now }), now)
      return asked.flatMap((effect) =>
        effect.kind === 'ask'
          ? engine.step({ kind: 'reply', failure: effect.failure, reply: addresses('192.0.2.1') }, now)
          : [],
      )
    }
    fail(NOW)
    const end = engine.nextExpiry() ?? 0
    expect(kindsOf(fail(end))).toEqual(['failure.found', 'ban: ban.extended'])
  })

  it('that nobody knows are told, and hold nothing up meanwhile', () => {
    const engine = engineOf({})
    const asked = ask(engine, 'host.example')
    expect(kindsOf(ask(engine, '192.0.2.9'))).toEqual(['failure.found', 'ban: ban.added'])
    expect(answer(engine, asked, addresses())).toMatchObject([
      { event: { kind: 'failure.ignored', ip: 'host.example', reason: 'name-unknown' } },
    ])
  })

  it('never lead to a ban of somebody who is never banned', () => {
    const engine = engineOf({ ignoreip: ['192.0.2.0/24'] })
    const effects = answer(engine, ask(engine, 'host.example'), addresses('192.0.2.1', '127.0.0.1'))
    expect(kindsOf(effects)).toEqual(['failure.ignored', 'failure.ignored'])
  })

  it('are nobody with usedns = no', () => {
    expect(ask(engineOf({ usedns: 'no' }), 'host.example')).toMatchObject([
      { event: { kind: 'failure.ignored', ip: 'host.example', reason: 'not-an-address' } },
    ])
  })

  it.each(['bob', '192.0.2.9'])('are looked up beside what <F-ID> captured: %s', (id) => {
    const filter = { ...DEFINITION.filter, failregex: ['<F-ID>\\S+</F-ID> failed from <HOST>$'] }
    const line = failedLogin('', { text: `${id} failed from host.example` })
    expect(engineOf({ filter }).step(line, NOW)).toMatchObject([
      { kind: 'ask', inquiry: { kind: 'addresses', name: 'host.example' } },
    ])
  })

  it('are told once a minute, whatever attackers call themselves', () => {
    const engine = engineOf({ usedns: 'no' })
    const told = [0, 1, 59_999, 60_000].map((ms) => ask(engine, `host${ms}.example`, NOW + ms).length)
    expect(told).toEqual([1, 0, 0, 1])
  })

  it('of a jail that was stopped meanwhile count nowhere', () => {
    const engine = engineOf({})
    const asked = ask(engine, 'host.example')
    engine.step({ kind: 'plan', plan: planOf() }, NOW)
    expect(answer(engine, asked, addresses('192.0.2.1'))).toEqual([])
  })
})

describe('semantics of identifiers: what is no address', () => {
  const filter = { ...DEFINITION.filter, failregex: ['bad <F-ID>\\S+</F-ID>$'] }
  it.each([
    ['an address in <F-ID> counts', '192.0.2.1', ['failure.found', 'ban: ban.added']],
    ['other text in <F-ID> does not, and is never looked up', 'host.example', ['failure.ignored']],
    ['nor does an address that there cannot be', '999.1.1.1', ['failure.ignored']],
    ['nor one with a zero in front', '192.0.2.01', ['failure.ignored']],
  ])('%s', (_, id, kinds) => {
    expect(kindsOf(engineOf({ filter }).step(failedLogin('', { text: `bad ${id}` }), NOW))).toEqual(kinds)
  })

  it.each(['x', 'a'.repeat(500), '\ud83d'.repeat(60)])('%j makes an event that events can be', (id) => {
    const [effect] = engineOf({ filter }).step(failedLogin('', { text: `bad ${id}` }), NOW)
    const event = effect?.kind === 'record' && effect.event.kind === 'failure.ignored' ? effect.event : null
    expect(event?.ip.length).toBeGreaterThanOrEqual(2)
    expect(event?.ip.length).toBeLessThanOrEqual(49)
    expect(event?.ip.isWellFormed()).toBe(true)
  })
})

describe('semantics of ignoring: ignoreip', () => {
  it.each<[string, string[], string, boolean]>([
    ['an address', ['192.0.2.1'], '192.0.2.1', true],
    ['no other one', ['192.0.2.1'], '192.0.2.2', false],
    ['a subnet by its prefix, host bits and all', ['192.0.2.77/30'], '192.0.2.78', true],
    ['a subnet by its mask', ['192.0.2.0/255.255.255.0'], '192.0.2.200', true],
    ['IPv4 written as IPv6', ['::ffff:192.0.2.1'], '192.0.2.1', true],
    ['IPv6 that stands for IPv4', ['192.0.2.1'], '::ffff:192.0.2.1', true],
    ['IPv6 in whatever spelling', ['2001:DB8:0::/48'], '2001:db8::f', true],
    ['all of IPv4 but nothing of IPv6', ['0.0.0.0/0'], '2001:db8::1', false],
    ['all of IPv6 but nothing of IPv4', ['::/0'], '192.0.2.1', false],
    ['nothing for what is no address', ['host.example', '192.0.2.300'], '192.0.2.1', false],
  ])('names %s: %j, %s', (_, ignoreip, ip, isIgnored) => {
    const kinds = kindsOf(ask(engineOf({ ignoreip }), ip))
    expect(kinds).toEqual(isIgnored ? ['failure.ignored'] : ['failure.found', 'ban: ban.added'])
  })

  it('holds for bans by hand as well, unlike in fail2ban', () => {
    const engine = engineOf({ ignoreip: ['192.0.2.0/24'] })
    const order = { kind: 'ban', id: 'o', ip: '192.0.2.1', jail: 'sshd', bantime: 60, by: 'anna' } as const
    const [refused] = engine.step({ kind: 'order', order: { ...order, expiresAt: NOW } }, NOW)
    expect(refused).toMatchObject({ event: { kind: 'ban.refused', reason: 'ignoreip' } })
  })

  it('takes nothing away from what was counted before the address was named', () => {
    const engine = engineOf({ settings: { ...SETTINGS, maxretry: 2 } })
    ask(engine, '192.0.2.1')
    engine.step({ kind: 'plan', plan: planOf(planned({ settings: SETTINGS, ignoreip: ['192.0.2.1'] })) }, NOW)
    expect(kindsOf(ask(engine, '192.0.2.1'))).toEqual(['failure.ignored'])
    expect(engine.bans()).toEqual([])
  })
})

describe('semantics of ignoring: ignorecommand', () => {
  const command = { ignorecommand: ['/opt/friend', '<ip>'] }

  it('is asked for each failure that would count', () => {
    const engine = engineOf(command)
    const asked = ask(engine, '192.0.2.1')
    expect(asked).toMatchObject([
      { kind: 'ask', inquiry: { kind: 'ignored', argv: ['/opt/friend', '192.0.2.1'] } },
    ])
    expect(kindsOf(answer(engine, asked, ignored(false)))).toEqual(['failure.found', 'ban: ban.added'])
  })

  it('has the failure not count where it says so', () => {
    const engine = engineOf(command)
    expect(answer(engine, ask(engine, '192.0.2.1'), ignored(true))).toMatchObject([
      { event: { kind: 'failure.ignored', ip: '192.0.2.1', reason: 'ignorecommand' } },
    ])
    expect(engine.bans()).toEqual([])
  })

  it('does not overrule what a plan said meanwhile', () => {
    const engine = engineOf(command)
    const asked = ask(engine, '192.0.2.1')
    const jail = planned({ ...command, settings: SETTINGS, ignoreip: ['192.0.2.1'] })
    engine.step({ kind: 'plan', plan: planOf(jail) }, NOW)
    expect(kindsOf(answer(engine, asked, ignored(false)))).toEqual(['failure.ignored'])
    expect(engine.bans()).toEqual([])
  })

  it('is the last that is asked: ignoreip and own addresses come first', () => {
    const engine = engineOf({ ...command, ignoreip: ['192.0.2.1'] })
    expect(kindsOf(ask(engine, '192.0.2.1'))).toEqual(['failure.ignored'])
  })

  it('is not run with an option of an attacker', () => {
    const filter = {
      ...DEFINITION.filter,
      failregex: ['Failed password for <F-USER>.*</F-USER> from <ADDR>$'],
    }
    const engine = engineOf({ filter, ignorecommand: ['/opt/friend', '<F-USER>'] })
    const text = 'Failed password for --config=/tmp/x from 192.0.2.1'
    expect(kindsOf(engine.step(failedLogin('', { text }), NOW))).toEqual(['failure.found', 'ban: ban.added'])
  })

  it('is asked again after max-time only, with ignorecache', () => {
    const ignorecache = { key: '<ip>', maxCount: 10, maxTime: 60 }
    const engine = engineOf({ ...command, ignorecache, settings: { ...SETTINGS, maxretry: 9 } })
    answer(engine, ask(engine, '192.0.2.1'), ignored(true))
    answer(engine, ask(engine, '192.0.2.2'), ignored(false))
    const later = (ip: string, ms: number): readonly string[] => kindsOf(ask(engine, ip, NOW + ms))
    expect(later('192.0.2.1', 59_999)).toEqual([])
    expect(later('192.0.2.2', 59_999)).toEqual(['failure.found'])
    expect(later('192.0.2.1', 60_000)).toEqual(['ask: ignored'])
    expect(later('192.0.2.2', 60_000)).toEqual(['ask: ignored'])
  })

  it('has whoever a key stands for ignored once one of them was', () => {
    const ignorecache = { key: '<F-USER>', maxCount: 10, maxTime: 60 }
    const engine = engineOf({ ...command, ignorecache, ignoreip: ['192.0.2.1'] })
    expect(kindsOf(ask(engine, '192.0.2.1'))).toEqual(['failure.ignored'])
    expect(kindsOf(ask(engine, '192.0.2.2'))).toEqual(['failure.ignored'])
    expect(engine.bans()).toEqual([])
  })
})

describe('semantics of dates: logtimezone', () => {
  it.each([
    ['UTC+0200', 'Nov 20 13:59:00', -60_000],
    ['PST', 'Nov 20 03:59:00', -60_000],
    ['UTC+0200', '2026-11-20T11:59:00Z', -60_000],
  ])('%s: %s', (logtimezone, date, expected) => {
    const engine = makeEngine({ zoneOffsetMinutes: () => -300 })
    const filter = { ...DEFINITION.filter, logtimezone }
    const jails = [planned({ filter }), planned({ name: 'elsewhere' })]
    engine.step({ kind: 'plan', plan: planOf(...jails) }, NOW)
    const text = `${date} Failed password for root from 192.0.2.1 port 22`
    const [effect] = engine.step({ kind: 'line', line: { source: '/auth.log', text, readAt: NOW } }, NOW)
    expect(effect).toMatchObject({ event: { jail: 'sshd', failedAt: NOW + expected } })
  })
})
