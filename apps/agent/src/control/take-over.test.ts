import type { Ban } from '@warder/core'
import type { ForeignBan } from '@warder/protocol/control'
import { describe, expect, it } from 'vitest'
import { AgentLab } from '../lab.ts'
import { ask } from './ask.ts'
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

it('are counted once however often they are handed over, and remembered over a restart', async () => {
  await using lab = await AgentLab.open()
  const { server: _, join: __, ...alone } = lab.config()
  await lab.start(alone)
  const now = lab.clock.now()
  const ban = { jail: 'door', ip: '203.0.113.1', until: now + 600_000, past: 3, lastAt: now }
  const over = { jail: 'door', ip: '203.0.113.2', until: now - 1_000, past: 2, lastAt: now - 600_000 }
  const unknown = { ...ban, jail: 'nowhere' }
  const request = { verb: 'take-over', by: 'import-fail2ban', bans: [ban, unknown], past: [over] } as const
  const give = () => ask(lab.socket, { ...request, bans: [...request.bans], past: [...request.past] })
  const refused = [{ jail: 'nowhere', ip: ban.ip, reason: 'the node has no such jail' }]
  expect(await give()).toEqual({ ok: true, changed: 1, known: 0, refused })
  expect(await give()).toEqual({ ok: true, changed: 0, known: 1, refused })
  await lab.stop()
  await lab.start(alone)
  for (const [ip, bans] of [
    [ban.ip, 3],
    [over.ip, 2],
  ] as const)
    expect(await ask(lab.socket, { verb: 'banned', ip })).toMatchObject({
      ok: true,
      past: [{ jail: 'door', bans }],
    })
  expect(await ask(lab.socket, { verb: 'banned', ip: ban.ip })).toMatchObject({
    bans: [{ origin: 'operator', by: 'import-fail2ban', reason: 'was banned by fail2ban' }],
  })
}, 60_000)
