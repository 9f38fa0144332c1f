import type { NodeEvent } from '@warder/core'
import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

const MINUTE = 60_000
const DAY = 86_400_000
let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

/** A node that is online and has reported its jails. */
async function online(name: string) {
  const node = new LabNode(name)
  const { link } = await node.join(lab)
  link.send({ kind: 'status', status: node.status(lab.clock.now()) })
  await report(
    link,
    node.record(lab.clock.now(), {
      kind: 'jail.started',
      jail: 'sshd',
      settings: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
    }),
  )
  return {
    node,
    link,
    say: (...events: Parameters<LabNode['record']>[1][]) =>
      report(link, node.record(lab.clock.now(), ...events)),
  }
}
const bans = async (query = '') => (await lab.as('GET', PATHS.bans + query)).body

describe('bans in history', () => {
  it('follow what nodes report, from the beginning to the end', async () => {
    const { say } = await online('pve1')
    await say(banned('192.0.2.1', NOON))
    const [ban] = (await bans()).rows
    expect(ban).toMatchObject({
      node: 'pve1',
      jail: 'sshd',
      ip: '192.0.2.1',
      at: NOON,
      until: NOON + 600_000,
      active: true,
      ended: null,
      origin: 'detected',
      ticket: { failures: 5 },
    })
    expect(ban.why).toMatch(/5 failed logins as root/)

    await say({
      kind: 'ban.extended',
      ban: { jail: 'sshd', ip: '192.0.2.1', at: NOON, until: NOON + DAY, origin: 'detected' },
    })
    expect((await bans()).rows).toMatchObject([{ id: ban.id, until: NOON + DAY, active: true }])

    lab.clock.advance(MINUTE)
    await say({ kind: 'ban.lifted', jail: 'sshd', ip: '192.0.2.1', by: 'ada' })
    expect((await bans()).rows).toMatchObject([
      { id: ban.id, active: false, ended: 'lifted', endedBy: 'ada', endedAt: NOON + MINUTE },
    ])
    await say(banned('192.0.2.1', NOON + MINUTE))
    expect((await bans()).rows).toHaveLength(2)
    expect((await bans('?active=true')).rows).toHaveLength(1)
  })

  it('end by the clock, whether their node says so or not', async () => {
    const { say } = await online('pve1')
    await say(banned('192.0.2.1', NOON), banned('192.0.2.2', NOON, { until: null }))
    lab.clock.advance(600_000)
    expect((await bans('?active=false')).rows).toMatchObject([
      { ip: '192.0.2.1', active: false, ended: 'expired', endedAt: NOON + 600_000 },
    ])
    expect(await bans('?active=1')).toMatchObject({ rows: [{ ip: '192.0.2.2', until: null }], total: 1 })
    await say({ kind: 'ban.expired', jail: 'sshd', ip: '192.0.2.1' })
    expect((await bans('?active=0')).rows).toMatchObject([{ ip: '192.0.2.1', ended: 'expired' }])
  })

  it('are listed in pages with a cursor that nobody can make up', async () => {
    const { say } = await online('pve1')
    await say(...Array.from({ length: 7 }, (_, i) => banned(`192.0.2.${i}`, NOON)))
    const first = await bans('?limit=3')
    expect(first).toMatchObject({ total: 7 })
    const second = await bans(`?limit=3&cursor=${first.next}`)
    const third = await bans(`?limit=3&cursor=${second.next}`)
    expect(third.next).toBeNull()
    expect(new Set([...first.rows, ...second.rows, ...third.rows].map(({ id }) => id)).size).toBe(7)
    for (const cursor of ['x', '%00', Buffer.from('1.2;DROP').toString('base64url')]) {
      expect((await lab.as('GET', `${PATHS.bans}?cursor=${cursor}`)).body.code).toBe('cursor.invalid')
    }
  })

  it('refuse queries that make no sense', async () => {
    for (const [query, code] of [
      ['?ip=nonsense', 'ip.invalid'],
      ['?node=nobody', 'node.unknown'],
      ['?limit=0', 'input.invalid'],
      ['?limit=501', 'input.invalid'],
      ['?color=red', 'input.invalid'],
    ] as const) {
      expect(await bans(query), query).toMatchObject({ code })
    }
  })
})

describe('unbanning', () => {
  it('goes to every node by default, and is history once the node says so', async () => {
    const [one, two] = [await online('pve1'), await online('pve2')]
    await one.say(banned('192.0.2.1', NOON))
    const answer = await lab.as('DELETE', PATHS.ban('192.0.2.1'))
    expect(answer).toMatchObject({ status: 200, body: { ips: ['192.0.2.1'], bans: 1 } })
    expect(answer.body.orders).toMatchObject([
      { node: 'pve1', state: 'sent' },
      { node: 'pve2', state: 'sent' },
    ])
    const { order } = await one.link.next('order')
    expect(order).toMatchObject({ kind: 'lift', ip: '192.0.2.1', jail: null, by: 'ada', issuedAt: NOON })
    await two.link.next('order')
    expect((await bans()).rows[0].active).toBe(true)
    await one.say(
      { kind: 'ban.lifted', jail: 'sshd', ip: '192.0.2.1', by: 'ada', order: order.id },
      { kind: 'order.finished', order: order.id, changed: 1 },
    )
    expect((await bans()).rows[0]).toMatchObject({ active: false, endedBy: 'ada' })
  })

  it('can be narrowed to a node and a jail', async () => {
    const [one] = [await online('pve1'), await online('pve2')]
    await one.say(banned('192.0.2.1', NOON), banned('192.0.2.1', NOON, { jail: 'proxmox' }))
    const { body } = await lab.as('DELETE', `${PATHS.ban('192.0.2.1')}?node=pve1&jail=proxmox`)
    expect(body).toMatchObject({ bans: 1, orders: [{ node: 'pve1' }] })
    expect((await one.link.next('order')).order).toMatchObject({ jail: 'proxmox' })
    expect((await lab.as('DELETE', `${PATHS.ban('192.0.2.1')}?node=pve9`)).body.code).toBe('node.unknown')
  })

  it('of a subnet means all inside; many go in one call, each once', async () => {
    const { say, link } = await online('pve1')
    await say(banned('192.0.2.1', NOON), banned('192.0.2.0/25', NOON), banned('198.51.100.1', NOON))
    expect((await lab.as('DELETE', PATHS.ban('192.0.2.0/24'))).body).toMatchObject({
      ips: ['192.0.2.0/24'],
      bans: 2,
    })
    expect((await link.next('order')).order).toMatchObject({ ip: '192.0.2.0/24' })
    const many = await lab.as('POST', PATHS.unban, {
      ips: ['198.51.100.1', '::ffff:198.51.100.1', '203.0.113.0/255.255.255.0'],
    })
    expect(many.body).toMatchObject({ ips: ['198.51.100.1', '203.0.113.0/24'], bans: 1 })
    expect(many.body.orders).toMatchObject([{ node: 'pve1', ip: '' }])
    expect((await link.next('order')).order).toMatchObject({
      kind: 'lift-many',
      ips: ['198.51.100.1', '203.0.113.0/24'],
      jail: null,
    })
    expect((await lab.as('POST', PATHS.unban, { ips: ['198.51.100.1', 'x.example'] })).body.code).toBe(
      'ip.invalid',
    )
  })

  it('waits for a node that is offline, and takes back a ban that waits before it', async () => {
    const { node, say, link } = await online('pve1')
    await say(banned('192.0.2.1', NOON))
    link.cut()
    await expect.poll(async () => (await lab.as('GET', PATHS.node('pve1'))).body.state).toBe('offline')
    await lab.as('POST', PATHS.bans, { ip: '192.0.2.2' })
    lab.clock.advance(1)
    for (const ip of ['192.0.2.1', '192.0.2.2']) {
      expect((await lab.as('DELETE', PATHS.ban(ip))).body.orders[0].state).toBe('kept')
    }
    lab.clock.advance(60_000)
    const soon = await node.dial(lab.url)
    const told = [await soon.next('order'), await soon.next('order')].map(({ order }) => order)
    expect(told).toMatchObject([
      { kind: 'lift', ip: '192.0.2.1' },
      { kind: 'lift', ip: '192.0.2.2' },
    ])
    soon.cut()
    // The bans that history knows of are over; the node may have made them longer meanwhile.
    lab.clock.advance(600_000)
    const again = await node.dial(lab.url)
    const kept = [await again.next('order'), await again.next('order')].map(({ order }) => order)
    expect(kept).toEqual(told)
    // Finished ones are not sent again, others are.
    await report(
      again,
      node.record(lab.clock.now(), { kind: 'order.finished', order: kept[0]?.id ?? '', changed: 1 }),
    )
    const third = await node.dial(lab.url)
    expect((await third.next('order')).order.id).toBe(kept[1]?.id)
    third.cut()
    lab.clock.advance(30 * DAY)
    const late = await node.dial(lab.url)
    await late.next('welcome')
    late.send({ kind: 'events', events: node.record(lab.clock.now(), failure('192.0.2.9', NOON)) })
    await late.next('ack')
    expect(late.received.filter(({ kind }) => kind === 'order')).toEqual([])
  })

  it('puts history right where a node has nothing to lift', async () => {
    const { say, link } = await online('pve1')
    await say(banned('192.0.2.1', NOON, { until: null }))
    await lab.as('DELETE', PATHS.ban('192.0.2.1'))
    const { order } = await link.next('order')
    lab.clock.advance(1_000)
    await say(banned('192.0.2.1', NOON + 1_000, { jail: 'proxmox' }), {
      kind: 'order.finished',
      order: order.id,
      changed: 0,
    })
    const rows = (await bans('?active=true')).rows
    expect(rows).toMatchObject([{ jail: 'proxmox' }])
  })

  it('leaves a ban in history that its node made longer since', async () => {
    const { say, link } = await online('pve1')
    await say(banned('192.0.2.1', NOON))
    await lab.as('DELETE', PATHS.ban('192.0.2.1'))
    const { order } = await link.next('order')
    const { ban } = banned('192.0.2.1', NOON + 1_000) as Extract<NodeEvent, { kind: 'ban.added' }>
    await say({ kind: 'ban.extended', ban }, { kind: 'order.finished', order: order.id, changed: 0 })
    expect((await bans('?active=true')).rows).toMatchObject([{ at: NOON, until: NOON + 601_000 }])
  })
})

describe('banning', () => {
  it('goes to all nodes for an hour on all ports when nothing else is said', async () => {
    const { link } = await online('pve1')
    const { body } = await lab.as('POST', PATHS.bans, { ip: '192.0.2.77/32', reason: 'rude' })
    expect(body).toMatchObject({ ips: ['192.0.2.77'], orders: [{ node: 'pve1', state: 'sent' }], bans: 0 })
    expect((await link.next('order')).order).toMatchObject({
      kind: 'ban',
      ip: '192.0.2.77',
      jail: 'manual',
      bantime: 3_600,
      by: 'ada',
      reason: 'rude',
      expiresAt: NOON + 5 * MINUTE,
    })
  })

  it('takes the jail’s own bantime, and nodes that have the jail', async () => {
    const { link } = await online('pve1')
    await new LabNode('pve2').join(lab)
    const { body } = await lab.as('POST', PATHS.bans, { ip: '2001:db8::/64', jail: 'sshd' })
    expect(body.orders).toMatchObject([{ node: 'pve1' }])
    expect((await link.next('order')).order).toMatchObject({ jail: 'sshd', bantime: null })
    const lacking = await lab.as('POST', PATHS.bans, {
      ip: '192.0.2.1',
      jail: 'sshd',
      nodes: ['pve1', 'pve2'],
    })
    expect(lacking.body).toMatchObject({ code: 'jail.unknown', message: 'pve2 has no jail "sshd".' })
  })

  it('is stale after five minutes, or when the ban would be over', async () => {
    const { node, link } = await online('pve1')
    link.cut()
    await expect.poll(async () => (await lab.as('GET', PATHS.node('pve1'))).body.state).toBe('offline')
    await lab.as('POST', PATHS.bans, { ip: '192.0.2.1', bantime: 60 })
    await lab.as('POST', PATHS.bans, { ip: '192.0.2.2', bantime: -1 })
    lab.clock.advance(MINUTE)
    const again = await node.dial(lab.url)
    expect((await again.next('order')).order).toMatchObject({
      ip: '192.0.2.2',
      bantime: -1,
      expiresAt: NOON + 5 * MINUTE,
    })
  })

  it('is refused where it makes no sense', async () => {
    for (const [body, status, code] of [
      [{ ip: 'nonsense' }, 400, 'ip.invalid'],
      [{ ip: '127.0.0.1' }, 409, 'ban.refused'],
      [{ ip: '::1' }, 409, 'ban.refused'],
      [{ ip: '0.0.0.0/0' }, 409, 'ban.refused'],
      [{ ip: '192.0.2.1', nodes: ['nobody'] }, 404, 'node.unknown'],
      [{ ip: '192.0.2.1', jail: 'nothing' }, 404, 'jail.unknown'],
      [{ ip: '192.0.2.1', bantime: -2 }, 400, 'input.invalid'],
      [{ ip: '192.0.2.1', colour: 'red' }, 400, 'input.invalid'],
    ] as const) {
      const answer = await lab.as('POST', PATHS.bans, body)
      expect(answer, JSON.stringify(body)).toMatchObject({ status, body: { code } })
    }
  })

  it('does not shut out whoever asks for it', async () => {
    await using behind = await startLab({ config: { trusted_proxies: ['127.0.0.1'] } })
    const headers = { cookie: await behind.cookie(), 'x-forwarded-for': '198.51.100.7' }
    const answer = await behind.call('POST', PATHS.bans, { body: { ip: '198.51.100.0/24' }, headers })
    expect(answer).toMatchObject({ status: 409, body: { code: 'ban.self' } })
  })

  it('is in the audit, as is every lift, with who and from where', async () => {
    await online('pve1')
    await lab.as('POST', PATHS.bans, { ip: '192.0.2.1', reason: 'rude' })
    const { secret } = (await lab.as('POST', PATHS.tokens, { name: 'scripts', scopes: ['unban'] })).body
    await lab.call('DELETE', PATHS.ban('192.0.2.1'), { headers: { authorization: `Bearer ${secret}` } })
    const { rows } = (await lab.as('GET', PATHS.audit)).body
    expect(rows.map(({ actor, action }: { actor: string; action: string }) => `${actor} ${action}`)).toEqual([
      'token:scripts ban.lift',
      'ada token.create',
      'ada ban.add',
      'ada session.open',
      'console account.create',
      'join code node.enrol',
    ])
    expect(rows[2]).toMatchObject({
      target: '192.0.2.1',
      address: '127.0.0.1',
      before: null,
      after: { reason: 'rude' },
    })
    expect(JSON.stringify(rows)).not.toContain(secret)
  })
})
