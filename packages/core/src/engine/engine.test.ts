import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JOURNAL, type LogLine } from '../line/line.ts'
import type { Effect } from './effect.ts'
import { makeEngine } from './engine.ts'
import type { Input } from './input.ts'
import { NOW, MINUTE, DEFINITION, planned, planOf, engineWith, failedLogin, kindsOf, banOf } from './stage.ts'

describe('the engine bans', () => {
  it('when maxretry is reached, with the event that is true once the firewall agreed', () => {
    const engine = engineWith(planned())
    expect(kindsOf(engine.step(failedLogin('192.0.2.1'), NOW))).toEqual(['failure.found'])
    const effects = engine.step(failedLogin('192.0.2.1'), NOW)
    expect(kindsOf(effects)).toEqual(['failure.found', 'ban: ban.added'])
    const [, ban] = effects
    expect(ban).toEqual({
      kind: 'ban',
      ban: {
        jail: 'sshd',
        ip: '192.0.2.1',
        at: NOW,
        until: NOW + 10 * MINUTE,
        origin: 'detected',
        ticket: {
          failures: 2,
          first: NOW,
          last: NOW,
          maxretry: 2,
          findtime: 600,
          users: ['root'],
          lines: Array.from({ length: 2 }, () => 'Failed password for root from 192.0.2.1 port 22'),
        },
      },
      then: { kind: 'ban.added', ban: engine.bans()[0] },
    })
    expect(engine.nextExpiry()).toBe(NOW + 10 * MINUTE)
  })

  it('a subnet when the filter captures one, unless it holds somebody who is never banned', () => {
    const filter = { ...DEFINITION.filter, failregex: ['scan of <SUBNET>$'] }
    const engine = engineWith(planned({ filter, settings: { ...DEFINITION.settings, maxretry: 1 } }))
    const scan = (subnet: string): readonly Effect[] =>
      engine.step(failedLogin('', { text: `scan of ${subnet}` }), NOW)
    expect(kindsOf(scan('203.0.113.77/24'))).toEqual(['failure.found', 'ban: ban.added'])
    expect(engine.bans()[0]?.ip).toBe('203.0.113.0/24')
    expect(kindsOf(scan('0.0.0.0/0'))).toEqual(['failure.ignored'])
  })

  it('in each jail that listens for itself', () => {
    const engine = engineWith(
      planned(),
      planned({ name: 'strict', settings: { ...DEFINITION.settings, maxretry: 1 } }),
    )
    expect(kindsOf(engine.step(failedLogin('192.0.2.1'), NOW))).toEqual([
      'failure.found',
      'failure.found',
      'ban: ban.added',
    ])
  })

  it('keeps its evidence within bounds', () => {
    const engine = engineWith(
      planned({ maxmatches: 100, settings: { ...DEFINITION.settings, maxretry: 30 } }),
    )
    let effects: readonly Effect[] = []
    for (let attempt = 0; attempt < 30; attempt++) {
      const user = `${attempt}${'é'.repeat(5_000)}`
      effects = engine.step(
        failedLogin('', { text: `Failed password for ${user} from 192.0.2.1 port 22` }),
        NOW,
      )
    }
    const ticket = engine.bans()[0]?.ticket
    expect(kindsOf(effects)).toEqual(['failure.found', 'ban: ban.added'])
    expect(ticket?.lines).toHaveLength(20)
    expect(ticket?.lines.every((line) => line.length === 1_000)).toBe(true)
    expect(ticket?.users).toHaveLength(10)
    expect(ticket?.users.every((user) => user.length === 128)).toBe(true)
  })
})

describe('the engine listens', () => {
  it.each<[string, Partial<LogLine>, number]>([
    ['to entries of the journal that its filter means', {}, 1],
    ['not to other entries', { fields: { _COMM: 'cron' } }, 0],
    ['not to entries without fields', { fields: {} }, 0],
    ['to its files, whatever the journalmatch', { source: '/auth.log' }, 1],
    ['not to other files', { source: '/other.log' }, 0],
  ])('%s', (_, line, found) => {
    const engine = engineWith(planned())
    expect(engine.step(failedLogin('192.0.2.1', line), NOW)).toHaveLength(found)
  })

  it('and counts what it heard', () => {
    const engine = engineWith(planned())
    engine.step(failedLogin('192.0.2.1'), NOW)
    engine.step(failedLogin('', { text: 'nothing', readAt: NOW + 1 }), NOW + 1)
    engine.step(failedLogin('192.0.2.1', { writtenAt: NOW - 11 * MINUTE, readAt: NOW + 2 }), NOW + 2)
    engine.step({ kind: 'line', line: { source: '/unknown', text: 'x', readAt: NOW } }, NOW + 2)
    expect(engine.view()).toEqual({
      lists: { denied: 0, refused: 0 },
      jails: [{ name: 'sshd', activeBans: 0, tracked: 1, matches: 2, lastMatchAt: NOW }],
      sources: [
        { id: JOURNAL, lines: 3, matches: 2, stale: 1, lastLineAt: NOW + 2, lastMatchAt: NOW + 2 },
        { id: '/auth.log', lines: 0, matches: 0, stale: 0, lastLineAt: null, lastMatchAt: null },
        { id: '/unknown', lines: 1, matches: 0, stale: 0, lastLineAt: NOW, lastMatchAt: null },
      ],
    })
  })

  it('reads dates without a zone in the zone it was told', () => {
    const engine = makeEngine({ zoneOffsetMinutes: () => 60 })
    engine.step({ kind: 'plan', plan: planOf(planned()) }, NOW)
    const text = 'Nov 20 12:59:00 Failed password for root from 192.0.2.1 port 22'
    const [effect] = engine.step({ kind: 'line', line: { source: '/auth.log', text, readAt: NOW } }, NOW)
    expect(effect).toMatchObject({ event: { kind: 'failure.found', failedAt: NOW - MINUTE } })
  })

  it('forgets on a tick who failed too long ago', () => {
    const engine = engineWith(planned())
    engine.step(failedLogin('192.0.2.1'), NOW)
    expect(engine.view().jails[0]?.tracked).toBe(1)
    expect(engine.step({ kind: 'tick' }, NOW + 11 * MINUTE)).toEqual([])
    expect(engine.view().jails[0]?.tracked).toBe(0)
  })
})

describe('a ban ends', () => {
  it('at its time, whatever comes in then', () => {
    const engine = engineWith(planned())
    engine.step({ kind: 'restore', bans: [banOf('192.0.2.1')], failures: [] }, NOW)
    expect(engine.step({ kind: 'tick' }, NOW + 10 * MINUTE - 1)).toEqual([])
    const later = NOW + 10 * MINUTE + 1
    const line = failedLogin('198.51.100.7', { readAt: later, writtenAt: later })
    expect(kindsOf(engine.step(line, later))).toEqual(['ban.expired', 'failure.found'])
    expect(engine.bans()).toEqual([])
    expect(engine.nextExpiry()).toBeNull()
  })
})

describe('semantics of bans: their ends', () => {
  it('a ban is over after its end, not at it: who fails right then is still banned, and for longer', () => {
    const engine = engineWith(planned({ settings: { ...DEFINITION.settings, maxretry: 1 } }))
    const at = NOW + 10 * MINUTE
    engine.step({ kind: 'restore', bans: [banOf('192.0.2.1')], failures: [] }, NOW)
    const effects = engine.step(failedLogin('192.0.2.1', { readAt: at, writtenAt: at }), at)
    expect(kindsOf(effects)).toEqual(['failure.found', 'ban: ban.extended'])
    expect(kindsOf(engine.step({ kind: 'tick' }, at + 10 * MINUTE))).toEqual(['ban.expired'])
  })
})

describe('the engine', () => {
  it('gives the same effects for the same inputs, and never two bans of one target in a jail', () => {
    const ip = fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1', '127.0.0.1')
    const input = fc.oneof(
      ip.map((address): Input => failedLogin(address)),
      fc.constant<Input>({ kind: 'tick' }),
      fc.constant<Input>({ kind: 'plan', plan: planOf(planned()) }),
      fc.tuple(ip, fc.nat(5)).map(([address, id]): Input => ({
        kind: 'order',
        order: {
          kind: 'ban',
          id: `b${id}`,
          ip: address,
          jail: 'sshd',
          bantime: 60,
          by: 'anna',
          expiresAt: Infinity,
        },
      })),
      fc.tuple(ip, fc.nat(5)).map(([address, id]): Input => ({
        kind: 'order',
        order: { kind: 'lift', id: `l${id}`, ip: address, jail: null, by: 'anna', issuedAt: Infinity },
      })),
    )
    const steps = fc.array(fc.tuple(input, fc.integer({ min: 0, max: 120_000 })), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (inputs) => {
        const [one, other] = [engineWith(planned()), engineWith(planned())]
        let now = NOW
        for (const [next, wait] of inputs) {
          now += wait
          const effects = one.step(next, now)
          expect(other.step(next, now)).toEqual(effects)
          const targets = one.bans().map((ban) => `${ban.jail} ${ban.ip}`)
          expect(new Set(targets).size).toBe(targets.length)
          expect(targets).not.toContain('sshd 127.0.0.1')
          const finished = kindsOf(effects).filter((kind) => kind === 'order.finished')
          expect(finished).toHaveLength(next.kind === 'order' ? 1 : 0)
        }
      }),
    )
  })
})
