import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NodeEvent } from '@warder/core'
import { PATHS } from '@warder/protocol/paths'
import { LabNode, report } from '../lab/agent.ts'
import { startLab, type Lab } from '../lab/server.ts'

let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

const order = (ips: readonly string[], more: object = {}) =>
  lab.as('POST', PATHS.bulkOrders, { kind: 'ban', ips, ...more })
const progress = async (id: string) => (await lab.as('GET', PATHS.bulkOrder(id))).body

/** What a node tells of an order's ban. */
const added = (ip: string, id: string): NodeEvent => ({
  kind: 'ban.added',
  order: id,
  ban: { jail: 'manual', ip, at: lab.clock.now(), until: null, origin: 'operator', by: 'ada' },
})

describe('an order for many', () => {
  it('is one message for each node, tells what is no address, and how far the nodes are', async () => {
    const [one, two] = [new LabNode('pve1'), new LabNode('pve2')]
    const { link } = await one.join(lab)
    const { link: other } = await two.join(lab)
    other.cut()
    await expect.poll(async () => (await lab.as('GET', PATHS.node('pve2'))).body.state).toBe('offline')
    const ips = ['192.0.2.1', ' 192.0.2.2 ', '192.0.2.1', 'nonsense', '198.51.100.0/24']
    const { body } = await order(ips, { bantime: -1, reason: 'scan' })
    expect(body).toMatchObject({
      duplicates: 1,
      errors: [{ at: 3, ip: 'nonsense' }],
      order: {
        kind: 'ban',
        by: 'ada',
        total: 3,
        nodes: [
          { node: 'pve1', state: 'sent', changed: 0, refused: 0 },
          { node: 'pve2', state: 'kept', changed: 0, refused: 0 },
        ],
      },
    })
    const { order: sent } = await link.next('order')
    expect(sent).toMatchObject({
      kind: 'ban-many',
      ips: ['192.0.2.1', '192.0.2.2', '198.51.100.0/24'],
      jail: 'manual',
      bantime: -1,
    })
    await report(
      link,
      one.record(lab.clock.now(), added('192.0.2.1', sent.id), {
        kind: 'ban.refused',
        jail: 'manual',
        ip: '192.0.2.2',
        reason: 'allowlist',
        order: sent.id,
      }),
    )
    expect((await progress(body.order.id)).nodes[0]).toEqual({
      node: 'pve1',
      state: 'sent',
      changed: 1,
      refused: 1,
    })
    await report(
      link,
      one.record(lab.clock.now(), added('198.51.100.0/24', sent.id), {
        kind: 'order.finished',
        order: sent.id,
        changed: 2,
      }),
    )
    expect(await progress(body.order.id)).toMatchObject({
      nodes: [
        { node: 'pve1', state: 'finished', changed: 2, refused: 1 },
        { node: 'pve2', state: 'kept' },
      ],
      refused: [{ node: 'pve1', ip: '192.0.2.2', reason: 'allowlist' }],
    })
    lab.clock.advance(301_000)
    expect((await progress(body.order.id)).nodes[1].state).toBe('stale')
    expect((await lab.as('GET', PATHS.bulkOrders)).body).toHaveLength(1)
  })

  it('is taken back by an order of its own', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    const { body } = await order(['192.0.2.1', '192.0.2.2'])
    const { order: sent } = await link.next('order')
    await report(link, node.record(lab.clock.now(), added('192.0.2.1', sent.id), added('192.0.2.2', sent.id)))
    expect((await lab.as('GET', `${PATHS.bans}?active=true`)).body.total).toBe(2)
    const undo = await lab.as('POST', PATHS.undoBulkOrder(body.order.id))
    expect(undo.body).toMatchObject({ kind: 'lift', jail: 'manual', total: 2, undoOf: body.order.id })
    const { order: lift } = await link.next('order')
    expect(lift).toMatchObject({ kind: 'lift-many', ips: ['192.0.2.1', '192.0.2.2'], jail: 'manual' })
    // What a node that finished a lift did not tell one by one is lifted all the same.
    await report(link, node.record(lab.clock.now(), { kind: 'order.finished', order: lift.id, changed: 2 }))
    expect((await lab.as('GET', `${PATHS.bans}?active=true`)).body.total).toBe(0)
    expect((await lab.as('POST', PATHS.undoBulkOrder(undo.body.id))).body.code).toBe('order.unknown')
  })

  it('reaches an older agent as single ones, the last of which finishes it', async () => {
    const node = new LabNode('pve1')
    node.version = 2
    const { link } = await node.join(lab)
    const { body } = await order(['192.0.2.1', '192.0.2.2', '192.0.2.3'])
    const orders = [await link.next('order'), await link.next('order'), await link.next('order')].map(
      (message) => message.order,
    )
    expect(orders.map(({ kind }) => kind)).toEqual(['ban', 'ban', 'ban'])
    const events = orders.flatMap((each): NodeEvent[] => [
      added('ip' in each ? (each.ip ?? '') : '', each.id),
      { kind: 'order.finished', order: each.id, changed: 1 },
    ])
    await report(link, node.record(lab.clock.now(), ...events.slice(0, 2)))
    expect((await progress(body.order.id)).nodes[0]).toMatchObject({ state: 'sent', changed: 1 })
    await report(link, node.record(lab.clock.now(), ...events.slice(2)))
    expect((await progress(body.order.id)).nodes[0]).toMatchObject({ state: 'finished', changed: 3 })
  })

  it('may name ten thousand, in little time, and not one more', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    const ips = Array.from(
      { length: 10_000 },
      (_, at) => `2001:db8:1234:5678:9abc:def0:${(at >> 8).toString(16)}:${at & 255}`,
    )
    const before = performance.now()
    expect((await order(ips)).body.order.total).toBeGreaterThan(2_000)
    const { order: sent } = await link.next('order')
    expect(performance.now() - before).toBeLessThan(5_000)
    expect(sent.kind === 'ban-many' && sent.ips.length).toBeGreaterThan(2_000)
    expect((await order([...ips, '192.0.2.1'])).status).toBe(400)
    expect((await order(['x'])).body.code).toBe('input.invalid')
    expect((await order(['192.0.2.1'], { jail: 'nojail' })).body.code).toBe('jail.unknown')
  })
})
