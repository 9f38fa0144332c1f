import { describe, expect, it } from 'vitest'
import { banOrder, keepUntil, liftOrder, LIFT_LIFE_MS } from './order.ts'

const NOW = 1_000_000_000
const MINUTE = 60_000
const issue = { by: 'ada', reason: undefined, now: NOW }
const ban = (until: number) => ({ id: 1, nodeId: 1, jail: 'sshd', ip: '192.0.2.1', at: NOW, until })

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
  const lift = liftOrder({ ip: '192.0.2.1', jail: null }, issue)
  it.each([
    [
      'until the last ban it is about ends',
      lift,
      [ban(NOW + MINUTE), ban(NOW + 5 * MINUTE)],
      NOW + 5 * MINUTE,
    ],
    ['thirty days at most', lift, [ban(9e15)], NOW + LIFT_LIFE_MS],
    ['thirty days where no ban is known yet', lift, [], NOW + LIFT_LIFE_MS],
    [
      'five minutes for a ban',
      banOrder({ ip: '192.0.2.1', jail: 'sshd', bantime: undefined }, issue),
      [],
      NOW + 5 * MINUTE,
    ],
  ] as const)('%s', (_name, draft, bans, until) => expect(keepUntil(draft, bans, NOW)).toBe(until))
})
