import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, failure, LabNode, report } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())
const nodeOf = async (name: string) => (await lab.as('GET', PATHS.node(name))).body

describe('nodes', () => {
  it('are shown with their last report, by name', async () => {
    const node = new LabNode('pve10')
    const { link } = await node.join(lab)
    await new LabNode('pve2').join(lab)
    expect(await nodeOf('pve10')).toMatchObject({
      state: 'online',
      since: NOON,
      agent: null,
      clockSkewMs: null,
      sources: [],
    })
    lab.clock.advance(5_000)
    link.send({ kind: 'status', status: node.status(NOON + 7_000, { outboxDepth: 4 }) })
    await expect.poll(async () => (await nodeOf('pve10')).clockSkewMs).toBe(2_000)
    expect(await nodeOf('pve10')).toMatchObject({
      cluster: 'lab',
      address: '127.0.0.1',
      lastSeenAt: NOON + 5_000,
      enrolledAt: NOON,
      firewall: { backend: 'memory' },
      revision: { wanted: 0, answered: 0, state: 'applied' },
      sources: [{ id: '/var/log/auth.log', state: 'reading' }],
      outboxDepth: 4,
      rssBytes: 60_000_000,
    })
    expect((await lab.as('GET', PATHS.nodes)).body.map(({ name }: { name: string }) => name)).toEqual([
      'pve2',
      'pve10',
    ])
  })

  it('are offline since they were last seen, also after a restart of the server', async () => {
    const { link } = await new LabNode('pve1').join(lab)
    lab.clock.advance(3_000)
    link.cut()
    await expect.poll(async () => (await nodeOf('pve1')).state).toBe('offline')
    lab.clock.advance(MINUTE)
    await lab.stop()
    lab = await startLab({ folder: lab.config.data_dir.replace(/\/data$/, ''), clock: lab.clock })
    expect(await nodeOf('pve1')).toMatchObject({
      state: 'offline',
      since: NOON + 3_000,
      lastSeenAt: NOON + 3_000,
    })
  })

  it('with a told past were never seen, until an agent takes the name', async () => {
    const events = new LabNode('x').record(NOON - HOUR, failure('192.0.2.1', NOON - HOUR))
    expect(lab.server.ingestHistory({ node: 'pve1', cluster: 'lab', enrolledAt: NOON - HOUR, events })).toBe(
      1,
    )
    expect(lab.server.ingestHistory({ node: 'pve1', cluster: 'lab', enrolledAt: NOON - HOUR, events })).toBe(
      0,
    )
    expect(await nodeOf('pve1')).toMatchObject({
      state: 'never-seen',
      since: NOON - HOUR,
      lastSeenAt: null,
      failuresLastHour: 0,
    })
    expect((await new LabNode('pve1').join(lab)).welcome.node).toBe('pve1')
    expect(await nodeOf('pve1')).toMatchObject({ state: 'online', enrolledAt: NOON - HOUR })
  })

  it('are enrolled by the command that the dashboard shows', async () => {
    const { body } = await lab.as('POST', PATHS.joinCodes, { minutes: 5 })
    expect(body).toMatchObject({
      expiresAt: NOON + 5 * MINUTE,
      command: `warder enrol ${lab.url} ${body.join}`,
    })
    expect(body.join).toMatch(new RegExp(`^warder-join\\.[\\w-]{32}\\.${body.fingerprint}$`))
    const link = await new LabNode('pve1').dial(lab.url, { join: body.join })
    expect((await link.next('welcome')).node).toBe('pve1')
    const audit = (await lab.as('GET', PATHS.audit)).body.rows
    expect(JSON.stringify(audit)).not.toContain(body.join)
  })

  it('that do not exist are not found', async () => {
    expect(await lab.as('GET', PATHS.node('nobody'))).toMatchObject({
      status: 404,
      body: { code: 'node.unknown' },
    })
    expect((await lab.as('DELETE', PATHS.node('nobody'))).status).toBe(404)
  })
})

describe('the numbers of the fleet', () => {
  it('are counted from what nodes reported', async () => {
    const [one, two] = [new LabNode('pve1'), new LabNode('pve2')]
    const [first, second] = [await one.join(lab), await two.join(lab)]
    await report(
      first.link,
      one.record(
        NOON,
        failure('192.0.2.1', NOON - 30 * MINUTE),
        failure('192.0.2.1', NOON - 2 * HOUR, 'proxmox'),
        banned('192.0.2.1', NOON),
      ),
    )
    await report(
      second.link,
      two.record(NOON, failure('192.0.2.1', NOON - 10), banned('192.0.2.1', NOON), banned('192.0.2.2', NOON)),
    )
    second.link.cut()
    await expect.poll(async () => (await nodeOf('pve2')).state).toBe('offline')
    expect((await lab.as('GET', PATHS.overview)).body).toEqual({
      activeBans: 3,
      bannedAddresses: 2,
      failuresLastMinute: 1,
      failuresLastHour: 2,
      failuresLastDay: 3,
      bansToday: 3,
      nodesOnline: 1,
      nodes: 2,
      lastMatchAt: NOON - 10,
      lastMatchNode: 'pve2',
      lastMatchJail: 'sshd',
    })
    lab.clock.advance(MINUTE)
    expect((await lab.as('GET', PATHS.overview)).body).toMatchObject({
      failuresLastMinute: 0,
      failuresLastHour: 2,
    })
  })

  it('make a timeline of 5 minutes for a day, of hours above', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(
      link,
      node.record(
        NOON,
        failure('192.0.2.1', NOON - 7 * MINUTE),
        failure('192.0.2.1', NOON - 6 * MINUTE),
        failure('192.0.2.1', NOON - 30 * HOUR),
        banned('192.0.2.1', NOON),
      ),
    )
    const day = (await lab.as('GET', PATHS.timeline)).body
    expect(day).toEqual({
      from: NOON + 5 * MINUTE - 24 * HOUR,
      to: NOON + 5 * MINUTE,
      bucketMs: 5 * MINUTE,
      buckets: [
        { at: NOON - 10 * MINUTE, node: 'pve1', failures: 2, bans: 0 },
        { at: NOON, node: 'pve1', failures: 0, bans: 1 },
      ],
    })
    const week = (await lab.as('GET', `${PATHS.timeline}?hours=168`)).body
    expect(week).toMatchObject({ bucketMs: HOUR, to: NOON + HOUR })
    expect(week.buckets).toEqual([
      { at: NOON - 30 * HOUR, node: 'pve1', failures: 1, bans: 0 },
      { at: NOON - HOUR, node: 'pve1', failures: 2, bans: 0 },
      { at: NOON, node: 'pve1', failures: 0, bans: 1 },
    ])
    expect((await lab.as('GET', `${PATHS.timeline}?hours=0`)).body.code).toBe('input.invalid')
  })
})
