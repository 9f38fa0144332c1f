import type { LiveDown } from '@warder/protocol/api'
import { REPLAY_LIMIT } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { LabSocket, upgradeStatus } from '../lab/socket.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

async function watch(after: number | null, headers?: Record<string, string>): Promise<LabSocket<LiveDown>> {
  const stream = new LabSocket<LiveDown>(lab.url + PATHS.live, {
    headers: headers ?? { cookie: await lab.cookie(), origin: lab.url },
  })
  await stream.open()
  stream.send({ kind: 'resume', after })
  return stream
}

describe('the live stream', () => {
  it('tells what was committed, in order, and every node as it is', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    const stream = await watch(null)
    expect(await stream.next('hello')).toEqual({ kind: 'hello', seq: 0, reset: false })
    expect((await stream.next('node')).node).toMatchObject({ name: 'pve1', state: 'online', agent: null })
    await report(link, node.record(NOON, failure('192.0.2.1', NOON), banned('192.0.2.1', NOON)))
    const { events } = await stream.next('events')
    expect(events.map(({ seq, node: name, event }) => [seq, name, event.kind])).toEqual([
      [1, 'pve1', 'failure.found'],
      [2, 'pve1', 'ban.added'],
    ])
    // The node was told of at noon already: the next time is half a second later.
    lab.clock.advance(500)
    expect((await stream.next('node')).node).toMatchObject({ activeBans: 1, failuresLastHour: 1 })
    link.send({ kind: 'status', status: node.status(lab.clock.now()) })
    await expect
      .poll(() => (lab.clock.advance(500), stream.received.some(({ kind }) => kind === 'jails')))
      .toBe(true)
    expect(await stream.next('jails', ({ jails }) => jails.length > 0)).toMatchObject({
      node: 'pve1',
      jails: [{ jail: 'sshd', activeBans: 1, failuresLastDay: 1 }],
    })
    link.cut()
    await expect
      .poll(
        () => (
          lab.clock.advance(500),
          stream.received.some((message) => message.kind === 'node' && message.node.state === 'offline')
        ),
      )
      .toBe(true)
    await lab.as('DELETE', PATHS.node('pve1'))
    expect(await stream.next('node-removed')).toEqual({ kind: 'node-removed', name: 'pve1' })
  })

  it('resumes after the last event that was seen', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(
      link,
      node.record(NOON, ...Array.from({ length: 200 }, (_, i) => failure('192.0.2.1', NOON + i))),
    )
    await report(
      link,
      node.record(NOON, ...Array.from({ length: 60 }, (_, i) => failure('192.0.2.1', NOON + i))),
    )
    const stream = await watch(10)
    expect(await stream.next('hello')).toEqual({ kind: 'hello', seq: 260, reset: false })
    const seen = [...(await stream.next('events')).events, ...(await stream.next('events')).events].map(
      ({ seq }) => seq,
    )
    expect(seen).toEqual(Array.from({ length: 250 }, (_, i) => i + 11))
    await report(link, node.record(NOON, failure('192.0.2.1', NOON)))
    expect((await stream.next('events')).events).toMatchObject([{ seq: 261 }])
  })

  it('tells a browser that is too far behind, or from another history, to read anew', async () => {
    const node = new LabNode('pve1')
    const events = node.record(
      NOON,
      ...Array.from({ length: REPLAY_LIMIT + 5 }, () => failure('192.0.2.1', NOON)),
    )
    expect(lab.server.ingestHistory({ node: 'pve1', cluster: null, enrolledAt: NOON, events })).toBe(
      events.length,
    )
    for (const [after, reset] of [
      [0, true],
      [4, true],
      [5, false],
      [9_999, true],
    ] as const) {
      expect(await (await watch(after)).next('hello')).toMatchObject({ reset, seq: REPLAY_LIMIT + 5 })
    }
  })

  it('is for operators and tokens, and not for other sites', async () => {
    const cookie = await lab.cookie()
    const { secret, id } = (await lab.as('POST', PATHS.tokens, { name: 'wall' })).body
    const url = lab.url + PATHS.live
    expect(await upgradeStatus(url)).toBe(401)
    expect(await upgradeStatus(url, { headers: { cookie: 'warder_session=x', origin: lab.url } })).toBe(401)
    expect(await upgradeStatus(url, { headers: { cookie, origin: 'https://evil.example' } })).toBe(403)
    expect(await upgradeStatus(url, { headers: { cookie, origin: lab.url } })).toBe(101)
    expect(
      await upgradeStatus(url, {
        headers: { authorization: `Bearer ${secret}`, origin: 'https://evil.example' },
      }),
    ).toBe(101)
    const stream = await watch(null, { authorization: `Bearer ${secret}` })
    await stream.next('hello')
    await lab.as('DELETE', PATHS.token(id))
    await stream.next('signed-out')
    expect(await stream.closed()).toBe(1000)
  })

  it('ends when the operator signs out, for that session alone, and when a token runs out', async () => {
    const cookie = await lab.cookie()
    const { secret } = (await lab.as('POST', PATHS.tokens, { name: 'wall', days: 1 })).body
    const [one, other] = [await watch(null), await watch(null, { authorization: `Bearer ${secret}` })]
    await Promise.all([one.next('hello'), other.next('hello')])
    await lab.call('DELETE', PATHS.session, { headers: { cookie, origin: lab.url } })
    await one.next('signed-out')
    expect(await one.closed()).toBe(1000)
    expect(other.socket.readyState).toBe(other.socket.OPEN)
    lab.clock.advance(86_400_000)
    await other.next('signed-out')
  })

  it.each([
    ['nonsense'],
    ['{"kind":"resume"}'],
    ['{"kind":"resume","after":-1}'],
    ['{"kind":"ban"}'],
    ['x'.repeat(5_000)],
  ])('closes on the first message %s', async (bytes) => {
    const stream = new LabSocket<LiveDown>(lab.url + PATHS.live, { headers: { cookie: await lab.cookie() } })
    await stream.open()
    stream.socket.send(bytes)
    expect(await stream.closed()).toBe(4400)
  })

  it('gives up who says nothing, at first or later', async () => {
    const cookie = await lab.cookie()
    const mute = new LabSocket<LiveDown>(lab.url + PATHS.live, { headers: { cookie } })
    await mute.open()
    const dead = new LabSocket<LiveDown>(lab.url + PATHS.live, { headers: { cookie }, autoPong: false })
    await dead.open()
    dead.send({ kind: 'resume', after: null })
    await dead.next('hello')
    lab.clock.advance(10_000)
    expect(await mute.closed()).toBe(1006)
    for (let round = 0; round < 3; round++) {
      lab.clock.advance(20_000)
      await lab.call('GET', '/healthz')
    }
    expect(await dead.closed()).toBe(1006)
  })

  it('drops a browser that does not read, and nobody else', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    const [slow, quick] = [await watch(null), await watch(null)]
    await Promise.all([slow.next('hello'), quick.next('hello')])
    slow.socket.pause()
    const heavy = (): ReturnType<typeof failure> =>
      ({ ...failure('192.0.2.1', NOON), line: 'x'.repeat(2_000) }) as ReturnType<typeof failure>
    for (let i = 0; i < 60; i++) {
      await report(link, node.record(NOON, ...Array.from({ length: 200 }, heavy)))
      await quick.next('events')
    }
    slow.socket.resume()
    expect(await slow.closed()).toBe(1006)
    expect(quick.socket.readyState).toBe(quick.socket.OPEN)
  })
})
