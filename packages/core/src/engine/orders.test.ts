import { describe, expect, it } from 'vitest'
import type { Effect } from './effect.ts'
import { makeEngine, type Engine } from './engine.ts'
import type { Order } from './order.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)

const banOrder = (id: string, change: Partial<Extract<Order, { kind: 'ban' }>> = {}): Order => ({
  kind: 'ban',
  id,
  ip: '192.0.2.1',
  jail: 'manual',
  bantime: 600,
  by: 'anna',
  expiresAt: NOW,
  ...change,
})

const liftOrder = (id: string, change: Partial<Extract<Order, { kind: 'lift' }>> = {}): Order => ({
  kind: 'lift',
  id,
  ip: null,
  jail: null,
  by: 'anna',
  issuedAt: NOW,
  ...change,
})

const give = (engine: Engine, order: Order, now = NOW): readonly Effect[] =>
  engine.step({ kind: 'order', order }, now)

describe('an order to ban', () => {
  it('is answered by its event and its end, both with its id', () => {
    const ban = {
      jail: 'manual',
      ip: '192.0.2.1',
      at: NOW,
      until: NOW + 600_000,
      origin: 'operator',
      by: 'anna',
      reason: 'scan',
    }
    expect(give(makeEngine(), banOrder('o1', { reason: 'scan' }))).toEqual([
      { kind: 'ban', ban, then: { kind: 'ban.added', ban, order: 'o1' } },
      { kind: 'record', event: { kind: 'order.finished', order: 'o1', changed: 1 } },
    ])
  })

  it.each<[string, Partial<Extract<Order, { kind: 'ban' }>>, string | null]>([
    ['in time to the millisecond', {}, null],
    ['too late', { expiresAt: NOW - 1 }, 'order-expired'],
    ['of no address', { ip: 'host.example' }, 'not-an-address'],
    ['in a jail that does not run', { jail: 'sshd' }, 'jail-unknown'],
    ['of loopback', { ip: '::1' }, 'loopback'],
  ])('%s: %j', (_, change, reason) => {
    const [first, second, ...more] = give(makeEngine(), banOrder('o1', change))
    expect(more).toEqual([])
    expect(first).toMatchObject(
      reason === null ? { kind: 'ban' } : { event: { kind: 'ban.refused', reason, order: 'o1' } },
    )
    expect(second).toMatchObject({ event: { kind: 'order.finished', changed: reason === null ? 1 : 0 } })
  })

  it('bounds what it passes on', () => {
    const [refused] = give(makeEngine(), banOrder('o1', { ip: 'x'.repeat(100) }))
    expect(refused).toMatchObject({ event: { ip: 'x'.repeat(49) } })
    const [unnamed] = give(makeEngine(), banOrder('o3', { jail: 'no jail; at all' }))
    expect(unnamed).toMatchObject({ event: { jail: 'manual', reason: 'jail-unknown' } })
    const [banned] = give(makeEngine(), banOrder('o2', { by: 'b'.repeat(500), reason: 'r'.repeat(5_000) }))
    expect(banned).toMatchObject({ ban: { by: 'b'.repeat(128), reason: 'r'.repeat(1_000) } })
  })

  it.each<[number | null, number | null]>([
    [null, NOW + 600_000],
    [-1, null],
    [1, NOW + 1_000],
  ])('for %s seconds ends at %s', (bantime, until) => {
    const engine = makeEngine()
    give(engine, banOrder('o1', { bantime }))
    expect(engine.bans()[0]?.until).toBe(until)
  })

  it('for no time at all does nothing', () => {
    expect(give(makeEngine(), banOrder('o1', { bantime: 0 }))).toEqual([
      { kind: 'record', event: { kind: 'order.finished', order: 'o1', changed: 0 } },
    ])
  })

  it('is carried out once, and answered as often as it comes', () => {
    const engine = makeEngine()
    const [, answer] = give(engine, banOrder('o1', { expiresAt: NOW + 60_000 }))
    expect(give(engine, banOrder('o1', { expiresAt: NOW + 60_000 }), NOW + 30_000)).toEqual([answer])
    expect(engine.nextExpiry()).toBe(NOW + 600_000)
  })

  it('is forgotten after a thousand others', () => {
    const engine = makeEngine()
    give(engine, banOrder('first'))
    for (let index = 0; index < 1_000; index++) give(engine, liftOrder(`l${index}`))
    expect(give(engine, banOrder('first'))).toHaveLength(2)
  })
})

describe('an order to lift', () => {
  function banned(): Engine {
    const engine = makeEngine()
    for (const [index, ip] of ['192.0.2.1', '192.0.2.0/25', '192.0.2.0/24', '2001:db8::1'].entries()) {
      give(engine, banOrder(`b${index}`, { ip }))
    }
    return engine
  }

  it.each<[string, Partial<Extract<Order, { kind: 'lift' }>>, string[]]>([
    ['one address', { ip: '192.0.2.1' }, ['192.0.2.1']],
    ['one address, spelt otherwise', { ip: '::ffff:192.0.2.1' }, ['192.0.2.1']],
    ['a subnet and all inside it', { ip: '192.0.2.0/25' }, ['192.0.2.1', '192.0.2.0/25']],
    ['a wider subnet', { ip: '192.0.2.0/23' }, ['192.0.2.1', '192.0.2.0/25', '192.0.2.0/24']],
    ['everything', {}, ['192.0.2.1', '192.0.2.0/25', '192.0.2.0/24', '2001:db8::1']],
    ['everything in a jail', { jail: 'manual', ip: '::/0' }, ['2001:db8::1']],
    ['nothing in another jail', { jail: 'sshd' }, []],
    ['nothing that is newer', { issuedAt: NOW - 1 }, []],
    ['nothing that is no address', { ip: 'host.example' }, []],
  ])('%s', (_, change, lifted) => {
    const engine = banned()
    const effects = give(engine, liftOrder('l1', { reason: 'mistake', ...change }))
    expect(effects.slice(0, -1)).toEqual(
      lifted.map((ip) => ({
        kind: 'lift',
        jail: 'manual',
        ip,
        then: { kind: 'ban.lifted', jail: 'manual', ip, by: 'anna', reason: 'mistake', order: 'l1' },
      })),
    )
    expect(effects.at(-1)).toEqual({
      kind: 'record',
      event: { kind: 'order.finished', order: 'l1', changed: lifted.length },
    })
    expect(engine.bans()).toHaveLength(4 - lifted.length)
  })
})

describe('an order for many', () => {
  const ips = ['192.0.2.1', '198.51.100.0/24', '127.0.0.1', 'nonsense']
  const many = {
    kind: 'ban-many',
    id: 'o1',
    ips,
    jail: 'manual',
    bantime: 600,
    by: 'anna',
    expiresAt: NOW,
  } as const

  it('bans who may be banned, tells who may not, and is finished once', () => {
    const effects = give(makeEngine(), many)
    expect(effects.map((effect) => (effect.kind === 'record' ? effect.event : effect.kind))).toEqual([
      'ban',
      'ban',
      { kind: 'ban.refused', jail: 'manual', ip: '127.0.0.1', reason: 'loopback', order: 'o1' },
      { kind: 'ban.refused', jail: 'manual', ip: 'nonsense', reason: 'not-an-address', order: 'o1' },
      { kind: 'order.finished', order: 'o1', changed: 2 },
    ])
    const engine = makeEngine()
    give(engine, many)
    expect(give(engine, many)).toEqual([
      { kind: 'record', event: { kind: 'order.finished', order: 'o1', changed: 2 } },
    ])
  })

  it('lifts what lies in its targets and was there when it was given', () => {
    const engine = makeEngine()
    give(engine, many)
    give(engine, banOrder('o2', { ip: '198.51.100.9' }))
    give(engine, banOrder('o3', { ip: '203.0.113.1' }))
    give(engine, banOrder('o4', { ip: '192.0.2.77', expiresAt: NOW + 10 }), NOW + 1)
    const lift = { kind: 'lift-many', id: 'o5', jail: null, by: 'anna', issuedAt: NOW } as const
    const effects = give(engine, { ...lift, ips: ['192.0.2.0/24', '198.51.100.0/24'] }, NOW + 2)
    expect(effects.at(-1)).toEqual({
      kind: 'record',
      event: { kind: 'order.finished', order: 'o5', changed: 3 },
    })
    expect(engine.bans().map(({ ip }) => ip)).toEqual(['203.0.113.1', '192.0.2.77'])
  })

  it('of ten thousand takes no time worth telling', () => {
    const targets = Array.from({ length: 10_000 }, (_, at) => `11.0.${at >> 8}.${at & 255}`)
    const engine = makeEngine()
    const before = performance.now()
    give(engine, { ...many, ips: targets })
    give(engine, { kind: 'lift-many', id: 'o2', ips: targets, jail: null, by: 'anna', issuedAt: NOW })
    expect(performance.now() - before).toBeLessThan(3_000)
    expect(engine.bans()).toEqual([])
  })
})
