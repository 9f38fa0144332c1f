import { describe, expect, it } from 'vitest'
import type { Effect } from './effect.ts'
import { engineWith, failedLogin, kindsOf, MINUTE, NOW, planned, DEFINITION, banOf } from './stage.ts'

const ONCE = { ...DEFINITION.settings, maxretry: 1 }
const BLIND = { name: 'recidive', failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [] }
const recidive = (name = 'recidive', maxretry = 2) =>
  planned(
    {
      name,
      backend: 'bans',
      filter: BLIND,
      ports: { protocol: 'both', ports: 'all' },
      settings: { enabled: true, maxretry, findtime: 86_400, bantime: 604_800 },
    },
    [],
  )

const fail = (
  engine: ReturnType<typeof engineWith>,
  minutes: number,
  ip = '192.0.2.1',
): readonly Effect[] => {
  const now = NOW + minutes * MINUTE
  return engine.step(failedLogin(ip, { readAt: now, writtenAt: now }), now)
}
const jails = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'ban' ? [effect.ban.jail] : []))

describe('semantics of recidive: a jail that counts bans', () => {
  it('bans who is banned again and again, with the bans as its evidence', () => {
    const engine = engineWith(planned({ settings: ONCE }), recidive())
    expect(kindsOf(fail(engine, 0))).toEqual(['failure.found', 'ban: ban.added', 'failure.found'])
    const again = fail(engine, 20)
    expect(jails(again)).toEqual(['sshd', 'recidive'])
    expect(again.at(-1)).toMatchObject({
      ban: {
        until: NOW + 20 * MINUTE + 604_800_000,
        ticket: {
          failures: 2,
          counts: 'bans',
          lines: [
            'sshd banned 192.0.2.1: 1 failed login as root (limit 1 in 10 minutes)',
            'sshd banned 192.0.2.1: 1 failed login as root (limit 1 in 10 minutes)',
          ],
        },
      },
    })
  })

  it('counts the bans of several jails together, each address for itself', () => {
    const engine = engineWith(
      planned({ settings: ONCE }),
      planned({ name: 'too', settings: ONCE }),
      recidive(),
    )
    expect(jails(fail(engine, 0))).toEqual(['sshd', 'too', 'recidive'])
    expect(engineWith(planned({ settings: ONCE }), recidive()).bans()).toEqual([])
  })

  it('does not count bans that were restored, lengthened or made by hand, nor its own', () => {
    const engine = engineWith(planned({ settings: ONCE }), recidive('recidive', 2))
    engine.step({ kind: 'restore', bans: [banOf('192.0.2.1')], failures: [] }, NOW)
    expect(kindsOf(fail(engine, 5))).toEqual(['failure.found', 'ban: ban.extended'])
    const order = {
      kind: 'ban',
      id: 'o',
      ip: '192.0.2.1',
      jail: 'recidive',
      bantime: 60,
      by: 'anna',
    } as const
    engine.step({ kind: 'order', order: { ...order, expiresAt: Infinity } }, NOW + 6 * MINUTE)
    expect(jails(fail(engine, 30))).toEqual(['sshd'])
    expect(jails(fail(engine, 60))).toEqual(['sshd', 'recidive'])
  })

  it('sees no lines, and never bans whom it ignores', () => {
    const engine = engineWith(planned({ settings: ONCE }), {
      ...recidive('recidive', 1),
      sources: ['/auth.log'],
    })
    const text = 'sshd banned 192.0.2.9: '
    expect(engine.step({ kind: 'line', line: { source: '/auth.log', text, readAt: NOW } }, NOW)).toEqual([])
    const jail = planned(
      { name: 'recidive', backend: 'bans', filter: BLIND, settings: ONCE, ignoreip: ['192.0.2.0/24'] },
      [],
    )
    const wary = engineWith(planned({ settings: ONCE }), jail)
    expect(kindsOf(fail(wary, 0))).toEqual(['failure.found', 'ban: ban.added', 'failure.ignored'])
  })

  it('comes to an end where two of them count each other', () => {
    const engine = engineWith(planned({ settings: ONCE }), recidive('one', 1), recidive('two', 1))
    expect(jails(fail(engine, 0))).toEqual(['sshd', 'one', 'two'])
  })
})
