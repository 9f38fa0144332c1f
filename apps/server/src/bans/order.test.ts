import { describe, expect, it } from 'vitest'
import type { Order } from '@warder/core'
import { banOrder, keepUntil, liftOrder, LIFT_LIFE_MS, manyOrder, withoutLifted } from './order.ts'

const NOW = 1_000_000_000
const MINUTE = 60_000
const issue = { by: 'ada', reason: undefined, now: NOW }

describe('a ban order', () => {
  it.each([
    [
      'nothing said: an hour on all ports',
      {},
      { jail: 'manual', bantime: 3_600, expiresAt: NOW + 5 * MINUTE },
    ],
    ['a jail: its own time', { jail: 'sshd' }, { jail: 'sshd', bantime: null, expiresAt: NOW + 5 * MINUTE }],
    ['for ever', { bantime: -1 }, { bantime: -1, expiresAt: NOW + 5 * MINUTE }],
    ['shorter than it may wait', { bantime: 30 }, { bantime: 30, expiresAt: NOW + 30_000 }],
  ])('%s', (_name, wanted, order) => {
    expect(
      banOrder({ ip: '192.0.2.1', jail: undefined, bantime: undefined, ...wanted }, issue),
    ).toMatchObject(order)
  })

  it('carries no empty reason', () => {
    expect(
      banOrder({ ip: '192.0.2.1', jail: undefined, bantime: undefined }, { ...issue, reason: '' }),
    ).not.toHaveProperty('reason')
  })
})

describe('how long an order is kept', () => {
  it.each([
    ['thirty days for a lift', liftOrder({ ip: '192.0.2.1', jail: null }, issue), LIFT_LIFE_MS],
    [
      'five minutes for a ban',
      banOrder({ ip: '192.0.2.1', jail: 'sshd', bantime: undefined }, issue),
      5 * MINUTE,
    ],
  ])('%s', (_name, draft, ms) => expect(keepUntil(draft, NOW)).toBe(NOW + ms))
})

describe('orders that wait', () => {
  const numbered = (draft: object, index: number): Order => ({ ...draft, id: String(index) }) as Order
  const ban = (ip: string, jail?: string) => banOrder({ ip, jail, bantime: undefined }, issue)
  const bans = (...ips: readonly string[]) =>
    manyOrder('ban', ips, { jail: undefined, bantime: undefined }, issue)
  const lift = (ip: string | null, jail: string | null = null) => ({
    ...liftOrder({ ip: '', jail }, issue),
    ip,
  })
  const lifts = (...ips: readonly string[]) =>
    manyOrder('lift', ips, { jail: undefined, bantime: undefined }, issue)
  const [ONE, TWO, ALL] = ['192.0.2.1', '192.0.2.2', '192.0.2.0/24']

  it.each([
    ['a ban that is lifted since', [ban(ONE), lift(ONE)], ['1 lift 192.0.2.1']],
    ['one that is made after the lift', [lift(ONE), ban(ONE)], ['0 lift 192.0.2.1', '1 ban 192.0.2.1']],
    ['one of somebody else', [ban(TWO), lift(ONE)], ['0 ban 192.0.2.2', '1 lift 192.0.2.1']],
    ['one inside of a subnet that is lifted', [ban(ONE), lift(ALL)], ['1 lift 192.0.2.0/24']],
    ['a subnet of which one is lifted', [ban(ALL), lift(ONE)], ['0 ban 192.0.2.0/24', '1 lift 192.0.2.1']],
    ['one of another jail', [ban(ONE), lift(ONE, 'sshd')], ['0 ban 192.0.2.1', '1 lift 192.0.2.1']],
    ['one of the same jail', [ban(ONE, 'sshd'), lift(ONE, 'sshd')], ['1 lift 192.0.2.1']],
    ['one before everybody is lifted', [ban(ONE), lift(null)], ['1 lift null']],
    ['some of many', [bans(ONE, TWO), lift(ONE)], ['0 ban-many 192.0.2.2', '1 lift 192.0.2.1']],
    ['all of many', [bans(ONE, TWO), lifts(TWO, ONE)], ['1 lift-many 192.0.2.2,192.0.2.1']],
  ])('hold %s', (_name, drafts, expected) => {
    const left = withoutLifted(drafts.map(numbered))
    expect(
      left.map((each) => `${each.id} ${each.kind} ${'ips' in each ? each.ips.join() : each.ip}`),
    ).toEqual(expected)
  })
})
