import type { RuleWish } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, LabNode, report } from '../lab/agent.ts'
import { Ears, type Ear } from '../lab/ear.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { due, taken } from './collapse.ts'
import type { Notice } from './notice.ts'
import { heldBack, holding, saidLate, silentUntil, type Silence } from './silence.ts'
import { withNotice } from './tally.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const silence: Silence = { from: NOON, until: NOON + HOUR, by: 'ada', critical: true }
const noticeOf = (topic: Notice['topic'], at = NOON): Notice => ({
  topic,
  at,
  node: 'pve1',
  jail: null,
  ip: null,
  title: `a ${topic}`,
  detail: null,
})
const rule: RuleWish = {
  enabled: true,
  topics: [],
  severity: 'info',
  jails: [],
  nodes: [],
  channels: [1],
  pace: 'attack',
  dailyAt: '08:00',
  quiet: null,
  zone: 'UTC',
}

describe('a silence', () => {
  it.each([
    ['before its end', NOON + HOUR - 1, false, NOON + HOUR],
    ['at its end', NOON + HOUR, false, null],
    ['for what is critical', NOON, true, null],
  ])('%s', (_, now, critical, until) => {
    expect(silentUntil(silence, now, critical)).toBe(until)
  })

  it('holds what is critical as well where that is wanted', () => {
    expect(silentUntil({ ...silence, critical: false }, NOON, true)).toBe(NOON + HOUR)
    expect(holding(silence, NOON + HOUR)).toBeNull()
    expect(silentUntil(null, NOON, false)).toBeNull()
  })

  it.each([
    ['ban', 'attack', null, NOON + HOUR],
    ['node-lost', 'attack', 'a node-lost', NOON + 2 * MINUTE],
    ['jail-failed', 'each', null, NOON + HOUR],
    ['ban', 'daily', null, NOON + 20 * HOUR],
  ] as const)('%s, told by %s: %s is told at once', (topic, pace, told, dueAt) => {
    const { send, group } = taken({ ...rule, pace }, null, noticeOf(topic), { now: NOON, silence })
    expect(send?.told[0]?.title ?? null).toBe(told)
    expect(group?.dueAt).toBe(dueAt)
  })

  it('holds what is due meanwhile, and a storm goes on behind it', () => {
    const tally = withNotice(null, noticeOf('ban'))
    const moment = { now: NOON + MINUTE, silence }
    const held = due(rule, { tally, dueAt: NOON + MINUTE, step: 2 }, moment)
    expect(held).toEqual({
      group: { tally, dueAt: NOON + HOUR, step: 2, silence },
      send: null,
      more: false,
    })
    const told = due(rule, held.group ?? { tally: null, dueAt: 0, step: 0 }, { now: NOON + HOUR, silence })
    expect(told).toMatchObject({ send: { count: 1 }, more: true, group: { step: 3, tally: null } })
    expect(told.group).not.toHaveProperty('silence')
  })

  it('says in what it held back that it comes late', () => {
    const notification = { title: 't', text: 'x' } as Parameters<typeof saidLate>[0]
    expect(saidLate(notification, silence, 'UTC').text).toBe(
      'x\nHeld back while ada had silenced notifications, from 20 Nov, 12:00 to 20 Nov, 13:00 (UTC).',
    )
  })

  it('counts what it holds back by topic, the most frequent first', () => {
    const bans = withNotice(withNotice(null, noticeOf('ban')), noticeOf('ban'))
    const failed = withNotice(null, noticeOf('jail-failed'))
    expect(
      heldBack([
        { tally: failed, silence },
        { tally: bans, silence },
        { tally: bans },
        { tally: null, silence },
      ]),
    ).toEqual([
      { topic: 'ban', count: 2 },
      { topic: 'jail-failed', count: 1 },
    ])
  })
})

describe('silencing a server', () => {
  const ears = new Ears()
  let lab: Lab
  beforeEach(async () => {
    lab = await startLab({ config: { private_hosts: ['127.0.0.1'] } })
  })
  afterEach(async () => {
    await lab[Symbol.asyncDispose]()
    ears[Symbol.dispose]()
  })
  const told = (ear: Ear): { title: string; text: string }[] => ear.heard.map(({ body }) => JSON.parse(body))
  const listening = async (): Promise<Ear> => {
    const ear = await ears.http()
    const settings = { kind: 'webhook', name: 'phone', secrets: { url: `${ear.url}/hook` } }
    const { body } = await lab.as('POST', PATHS.channels, settings)
    await lab.as('POST', PATHS.rules, { channels: [body.id], topics: ['ban', 'node-lost'] })
    return ear
  }
  const bannedOn = async (node: LabNode, ...ips: string[]): Promise<void> => {
    const { link } = await node.join(lab)
    const now = lab.clock.now()
    await report(link, node.record(now, ...ips.map((ip) => banned(ip, now))))
  }
  const heldThere = async () => (await lab.as('GET', PATHS.silence)).body.held

  it('tells nothing, collects, and tells it by itself when it is over, also behind a restart', async () => {
    const ear = await listening()
    expect((await lab.as('PUT', PATHS.silence, {})).body).toEqual({
      silence: { from: NOON, until: NOON + HOUR, by: 'ada', critical: true },
      held: [],
    })
    const node = new LabNode('pve1')
    await bannedOn(node, '192.0.2.1', '192.0.2.2')
    await expect.poll(heldThere).toEqual([{ topic: 'ban', count: 2 }])

    await lab.stop()
    const folder = lab.config.data_dir.replace(/\/data$/, '')
    lab = await startLab({ folder, clock: lab.clock, config: { private_hosts: ['127.0.0.1'] } })
    expect(await heldThere()).toEqual([{ topic: 'ban', count: 2 }])
    await node.join(lab)
    lab.clock.advance(HOUR - MINUTE)
    expect((await lab.as('GET', PATHS.silence)).body.silence).not.toBeNull()
    expect(told(ear)).toEqual([])
    lab.clock.advance(MINUTE)
    await expect.poll(() => told(ear)).toHaveLength(1)
    expect(told(ear)[0]).toMatchObject({
      title: '2 bans of 2 addresses on pve1',
      text: expect.stringContaining('Held back while ada had silenced notifications'),
    })
    expect((await lab.as('GET', PATHS.silence)).body).toEqual({ silence: null, held: [] })
  })

  it('can be ended before, which tells at once; both are in the audit', async () => {
    const ear = await listening()
    await lab.as('PUT', PATHS.silence, { seconds: 7_200 })
    await bannedOn(new LabNode('pve1'), '192.0.2.1')
    await expect.poll(heldThere).toEqual([{ topic: 'ban', count: 1 }])
    lab.clock.advance(10 * MINUTE)
    expect((await lab.as('DELETE', PATHS.silence)).body).toEqual({ silence: null, held: [] })
    await expect.poll(() => told(ear)).toHaveLength(1)
    expect(told(ear)[0]?.text).toContain('from 20 Nov, 12:00 to 20 Nov, 12:10 (UTC)')
    // Once more does nothing, and is not written down.
    await lab.as('DELETE', PATHS.silence)
    const { rows } = (await lab.as('GET', PATHS.audit)).body
    const actions = rows.map(({ action }: { action: string }) => action)
    expect(actions.filter((action: string) => action.startsWith('notifications.'))).toEqual([
      'notifications.unsilence',
      'notifications.silence',
    ])
  })

  it('lets what is critical through, or holds that as well', async () => {
    const ear = await listening()
    await lab.as('PUT', PATHS.silence, { critical: false })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.cut()
    const stateOf = async () => (await lab.as('GET', PATHS.nodes)).body[0].state
    await expect.poll(stateOf).not.toBe('online')
    lab.clock.advance(4 * MINUTE)
    await expect.poll(heldThere).toEqual([{ topic: 'node-lost', count: 1 }])
    expect(told(ear)).toEqual([])
    // A silence that lets it through takes the place of that one.
    await lab.as('PUT', PATHS.silence, {})
    await expect.poll(() => told(ear)).toHaveLength(1)
    expect(told(ear)[0]?.text).toContain('Held back while ada had silenced notifications')
  })

  it.each([{ seconds: 0 }, { seconds: 90_000 }, { until: 5 }])('%j is refused', async (body) => {
    expect(await lab.as('PUT', PATHS.silence, body)).toMatchObject({
      status: 400,
      body: { code: 'input.invalid' },
    })
  })
})
