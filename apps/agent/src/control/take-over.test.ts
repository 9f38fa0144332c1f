import type { Ban } from '@warder/core'
import type { ForeignBan } from '@warder/protocol/control'
import { describe, expect, it } from 'vitest'
import { takeOver } from './take-over.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const foreign = (part: Partial<ForeignBan>): ForeignBan => ({
  jail: 'door',
  ip: '203.0.113.1',
  until: NOW + 1_500,
  past: 1,
  lastAt: NOW - 1_000,
  ...part,
})
const inForce = (until: number | null): Ban => ({
  jail: 'door',
  ip: '2001:db8::1',
  at: NOW - 5_000,
  until,
  origin: 'detected',
})

describe('bans of another program', () => {
  it.each<
    [
      string,
      Partial<ForeignBan>,
      readonly Ban[],
      { orders: readonly number[]; known: number; past: readonly number[] },
    ]
  >([
    ['keep the time that is left, rounded up', {}, [], { orders: [2], known: 0, past: [] }],
    ['without an end have none', { until: null }, [], { orders: [-1], known: 0, past: [] }],
    ['that end now are past ones', { until: NOW }, [], { orders: [], known: 0, past: [1] }],
    ['bring the bans before them', { past: 4 }, [], { orders: [2], known: 0, past: [3] }],
    ['of what is no address bring none', { ip: 'host', past: 4 }, [], { orders: [2], known: 0, past: [] }],
    [
      'are known in any spelling',
      { ip: '2001:DB8:0::1' },
      [inForce(NOW + 1_500)],
      { orders: [], known: 1, past: [] },
    ],
    [
      'are known where ours never ends',
      { ip: '2001:db8::1', until: null },
      [inForce(null)],
      { orders: [], known: 1, past: [] },
    ],
    [
      'lengthen ours that ends before',
      { ip: '2001:db8::1' },
      [inForce(NOW + 1_499)],
      { orders: [2], known: 0, past: [] },
    ],
  ])('%s', (_, part, bans, expected) => {
    const taken = takeOver({ bans: [foreign(part)], past: [], by: 'x', id: () => 'o1' }, bans, NOW)
    expect({
      orders: taken.orders.map((order) => (order.kind === 'ban' ? order.bantime : 0)),
      known: taken.known,
      past: taken.past.map((offence) => offence.bans),
    }).toEqual(expected)
  })
})
