import { CLOSE, FRAME_LIMIT_BYTES, LINK_PATH, welcomeBytes, type Down } from '@warder/protocol'
import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { LabSocket } from '../lab/socket.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { isSignedBy } from './identity.ts'

let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

const eventsInHistory = async () => (await lab.as('GET', `${PATHS.events}?limit=500`)).body.rows

describe('the link', () => {
  it('welcomes an agent that brings a join code, and proves who the server is', async () => {
    const node = new LabNode('PVE1.example.com')
    const link = new LabSocket<Down>(lab.url + LINK_PATH)
    const challenge = await link.next('challenge')
    const hello = node.hello(challenge, { join: lab.server.createJoin(15) })
    link.send(hello)
    const welcome = await link.next('welcome')
    expect(welcome).toMatchObject({ node: 'pve1', acked: 0, settings: { revision: 0, jails: {} }, at: NOON })
    const proof = welcomeBytes({ serverNonce: challenge.nonce, nonce: String(hello['nonce']), key: node.key })
    expect(isSignedBy(challenge.key, proof, welcome.signature)).toBe(true)
  })

  it('makes names unique, and lets a key keep its name without a code', async () => {
    const [one, other] = [new LabNode('pve1'), new LabNode('pve1')]
    expect((await one.join(lab)).welcome.node).toBe('pve1')
    const second = await other.join(lab)
    expect(second.welcome.node).toBe('pve1-2')
    second.link.cut()
    const again = await other.dial(lab.url)
    expect((await again.next('welcome')).node).toBe('pve1-2')
  })

  it('lets a join code be used once', async () => {
    const join = lab.server.createJoin(15)
    await (await new LabNode('a').dial(lab.url, { join })).next('welcome')
    const second = await new LabNode('b').dial(lab.url, { join })
    expect((await second.next('refused')).code).toBe('join-code-invalid')
    expect(await second.closed()).toBe(CLOSE.refused)
  })

  it('refuses a join code that is over', async () => {
    const join = lab.server.createJoin(15)
    lab.clock.advance(15 * 60_000)
    const link = await new LabNode('a').dial(lab.url, { join })
    expect((await link.next('refused')).code).toBe('join-code-invalid')
  })

  it.each([
    ['an unknown key', {}, 'key-unknown', CLOSE.refused],
    ['a version of the future', { version: 99 }, 'version-unserved', CLOSE.version],
    [
      'a signature for something else',
      { nonce: Buffer.alloc(32).toString('base64') },
      'signature-wrong',
      CLOSE.refused,
    ],
  ])('refuses %s', async (_name, over, code, close) => {
    const link = await new LabNode('a').dial(lab.url, over)
    expect((await link.next('refused')).code).toBe(code)
    expect(await link.closed()).toBe(close)
  })

  it('refuses a signature that was made for another server', async () => {
    const node = new LabNode('a')
    const link = new LabSocket<Down>(lab.url + LINK_PATH)
    const challenge = await link.next('challenge')
    link.send(
      node.hello({ ...challenge, key: new LabNode('other').key }, { join: lab.server.createJoin(15) }),
    )
    expect((await link.next('refused')).code).toBe('signature-wrong')
  })

  it('closes on whatever is not a hello', async () => {
    for (const bytes of ['nonsense', '{}', JSON.stringify({ kind: 'events', events: [] }), '[1]']) {
      const link = new LabSocket<Down>(lab.url + LINK_PATH)
      await link.next('challenge')
      link.socket.send(bytes)
      expect(await link.closed()).toBe(CLOSE.protocol)
    }
    const binary = new LabSocket<Down>(lab.url + LINK_PATH)
    await binary.next('challenge')
    binary.socket.send(Buffer.from('{}'))
    expect(await binary.closed()).toBe(CLOSE.protocol)
  })

  it('gives a stranger ten seconds and 16 KiB', async () => {
    const slow = new LabSocket<Down>(lab.url + LINK_PATH)
    await slow.next('challenge')
    const large = new LabSocket<Down>(lab.url + LINK_PATH)
    await large.next('challenge')
    large.socket.send('x'.repeat(40_000))
    expect(await large.closed()).toBe(1006)
    lab.clock.advance(9_999)
    expect(slow.socket.readyState).toBe(slow.socket.OPEN)
    lab.clock.advance(1)
    expect(await slow.closed()).toBe(1006)
  })

  it('takes frames up to the limit from a known agent and no larger ones', async () => {
    const { link } = await new LabNode('a').join(lab)
    link.socket.send('x'.repeat(FRAME_LIMIT_BYTES + 1))
    expect(await link.closed()).toBe(1009)
  })

  it('lets a second link of the same key take the place of the first', async () => {
    const node = new LabNode('a')
    const first = await node.join(lab)
    const second = await node.dial(lab.url)
    await second.next('welcome')
    expect(await first.link.closed()).toBe(CLOSE.replaced)
    expect((await lab.as('GET', PATHS.node('a'))).body.state).toBe('online')
  })

  it('gives up an agent that is silent for 45 s, and not one that answers pings', async () => {
    const silent = await new LabNode('silent').join(lab, { autoPong: false })
    const lively = await new LabNode('lively').join(lab)
    for (let round = 0; round < 2; round++) {
      const heard = new Promise((resolve) => lively.link.socket.once('ping', resolve))
      lab.clock.advance(20_000)
      await heard
      // The pong is on its way back: an answered message is behind it.
      lively.link.send({ kind: 'status', status: new LabNode('x').status(lab.clock.now()) })
      await expect
        .poll(async () => (await lab.as('GET', PATHS.node('lively'))).body.lastSeenAt)
        .toBe(lab.clock.now())
    }
    lab.clock.advance(20_000)
    expect(await silent.link.closed()).toBe(1006)
    expect(lively.link.socket.readyState).toBe(lively.link.socket.OPEN)
    expect((await lab.as('GET', PATHS.node('silent'))).body.state).toBe('offline')
  })

  it('keeps each event once through cuts, replays and a restart of the server', async () => {
    const node = new LabNode('a')
    const events = node.record(
      NOON,
      ...Array.from({ length: 30 }, (_, i) => failure(`192.0.2.${i + 1}`, NOON)),
    )
    const first = await node.join(lab)
    expect(await report(first.link, events.slice(0, 10))).toBe(10)
    first.link.send({ kind: 'events', events: events.slice(10, 20) })
    first.link.cut()

    // The acknowledgement may have been lost: the agent sends again from what the welcome says, and more.
    const again = await node.dial(lab.url)
    const { acked } = await again.next('welcome')
    expect([10, 20]).toContain(acked)
    expect(await report(again, events.slice(5, 25))).toBe(25)

    await lab.stop()
    const restarted = await startLab({ folder: lab.config.data_dir.replace(/\/data$/, ''), clock: lab.clock })
    lab = restarted
    const third = await node.dial(lab.url)
    expect((await third.next('welcome')).acked).toBe(25)
    expect(await report(third, events)).toBe(30)
    const rows = await eventsInHistory()
    expect(rows).toHaveLength(30)
    expect(new Set(rows.map((row: { event: { ip: string } }) => row.event.ip)).size).toBe(30)
  })

  it('closes on a gap, writing nothing of the batch', async () => {
    const node = new LabNode('a')
    const events = node.record(NOON, ...Array.from({ length: 4 }, () => failure('192.0.2.1', NOON)))
    const { link } = await node.join(lab)
    await report(link, events.slice(0, 1))
    link.send({ kind: 'events', events: [events[1], events[3]] })
    expect(await link.closed()).toBe(CLOSE.protocol)
    expect(await eventsInHistory()).toHaveLength(1)
  })

  it('takes a gap that the agent itself tells of', async () => {
    const node = new LabNode('a')
    const { link } = await node.join(lab)
    const gapped = { seq: 90, at: NOON, event: { kind: 'outbox.gapped' as const, lost: 89 } }
    expect(await report(link, [gapped])).toBe(90)
    const next = {
      seq: 91,
      at: NOON,
      event: structuredClone(failure('192.0.2.1', NOON)) as typeof gapped.event,
    }
    expect(await report(link, [next])).toBe(91)
  })

  it('begins anew with a new outbox of the same node', async () => {
    const node = new LabNode('a')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, failure('192.0.2.1', NOON)))
    const fresh = new LabNode('unused')
    node.outbox = fresh.outbox
    const again = await node.dial(lab.url)
    expect((await again.next('welcome')).acked).toBe(0)
    await report(again, fresh.record(NOON, failure('192.0.2.2', NOON)))
    expect(await eventsInHistory()).toHaveLength(2)
  })

  it('does not believe a clock that is ahead', async () => {
    const node = new LabNode('a')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON + 3_600_000, banned('192.0.2.1', NOON + 3_600_000)))
    expect((await eventsInHistory())[0].at).toBe(NOON)
  })

  it('brings a removed node back, with its history, by a new join code only', async () => {
    const node = new LabNode('a')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, banned('192.0.2.1', NOON)))
    expect((await lab.as('DELETE', PATHS.node('a'))).status).toBe(204)
    expect(await link.closed()).toBe(CLOSE.revoked)
    const without = await node.dial(lab.url)
    expect((await without.next('refused')).code).toBe('node-removed')
    expect(await without.closed()).toBe(CLOSE.revoked)
    expect((await lab.as('GET', PATHS.nodes)).body).toEqual([])
    expect((await lab.as('GET', `${PATHS.bans}?active=true`)).body.rows).toEqual([])

    const machineAnew = new LabNode('a')
    expect((await machineAnew.join(lab)).welcome.node).toBe('a')
    expect((await lab.as('GET', `${PATHS.events}?node=a`)).body.rows).toHaveLength(1)
  })
})
