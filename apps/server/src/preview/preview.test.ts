import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { failure, LabNode, report } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { openLabStorage } from '../lab/storage.ts'
import { compare } from './compare.ts'
import { readFailures, type PastFailures } from './failure-text.ts'

const SETTINGS = { enabled: true, maxretry: 3, findtime: 600, bantime: 600 }
const MINUTE = 60_000

type Failure = readonly [nodeId: number, ip: string, at: number]
const given =
  (...failures: readonly Failure[]): PastFailures =>
  (take) => {
    for (const each of failures) take(...each)
  }

describe('comparing settings on the past', () => {
  const often = (nodeId: number, ip: string, times: number) =>
    Array.from({ length: times }, (_, i) => [nodeId, ip, i * 1_000] as const)

  it('tells whom only one of them would ban, node by node', () => {
    const failures = given(
      ...often(1, '192.0.2.1', 3),
      ...often(1, '192.0.2.2', 2),
      ...often(2, '192.0.2.3', 1),
      ...often(9, '192.0.2.4', 9),
    )
    const trials = [1, 2].map((nodeId) => ({ nodeId, now: SETTINGS, proposed: { ...SETTINGS, maxretry: 2 } }))
    const nobody = { total: 0, addresses: [] }
    expect(compare(failures, trials, 10)).toEqual([
      {
        nodeId: 1,
        failures: 5,
        now: { bans: 1, addresses: 1 },
        proposed: { bans: 2, addresses: 2 },
        banned: { total: 1, addresses: [{ ip: '192.0.2.2', at: 1_000, bans: 1 }] },
        spared: nobody,
      },
      {
        nodeId: 2,
        failures: 1,
        now: { bans: 0, addresses: 0 },
        proposed: { bans: 0, addresses: 0 },
        banned: nobody,
        spared: nobody,
      },
    ])
  })

  it('names so many addresses and counts all', () => {
    const failures = given(...Array.from({ length: 9 }, (_, i) => [1, `192.0.2.${i}`, i] as const))
    const trials = [{ nodeId: 1, now: { ...SETTINGS, maxretry: 1 }, proposed: SETTINGS }]
    const [compared] = compare(failures, trials, 4)
    expect([compared?.spared.total, compared?.spared.addresses.length]).toEqual([9, 4])
  })
})

describe('a preview', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await startLab({ config: { trusted_proxies: ['127.0.0.1'] } })
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  const online = async (name: string) => {
    const node = new LabNode(name)
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(lab.clock.now()) })
    // Signing in takes long on a slow machine: before the wait, not in it.
    await lab.cookie()
    const jails = async () => (await lab.as('GET', `${PATHS.jails}?node=${name}`)).body.length
    await expect.poll(jails, { timeout: 10_000 }).toBe(1)
    return { node, link }
  }
  const preview = (body: object) => lab.as('POST', PATHS.tuningPreview, { jail: 'sshd', ...body })

  it('says what the last days would have banned and spared, and whom it may concern', async () => {
    const { node, link } = await online('pve1')
    await online('pve2')
    await lab.call('POST', PATHS.session, {
      body: { name: 'ada', password: 'correct horse battery' },
      headers: { 'x-forwarded-for': '198.51.100.7' },
    })
    await lab.as('POST', PATHS.allow, { ip: '198.51.100.9' })
    const minutesAgo = (ip: string, ...minutes: readonly number[]) =>
      minutes.map((each) => failure(ip, NOON - each * MINUTE))
    await report(
      link,
      node.record(
        NOON,
        ...minutesAgo('198.51.100.7', 13, 12, 11),
        ...minutesAgo('198.51.100.8', 9, 8, 7, 6, 5),
        ...minutesAgo('198.51.100.9', 4, 3, 2),
      ),
    )
    const { status, body } = await preview({ maxretry: 3, bantime: 60 })
    expect(status).toBe(200)
    expect(body).toMatchObject({ failures: 11, from: NOON - 7 * 86_400_000, to: NOON })
    const address = (ip: string, at: number) => ({
      ip,
      at: NOON - at * MINUTE,
      bans: 1,
      signedIn: false,
      allowed: false,
      successes: null,
    })
    expect(body.nodes).toEqual([
      {
        node: 'pve1',
        failures: 11,
        settings: {
          now: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
          proposed: { enabled: true, maxretry: 3, findtime: 600, bantime: 60 },
        },
        now: { bans: 1, addresses: 1 },
        proposed: { bans: 3, addresses: 3 },
        banned: {
          total: 2,
          addresses: [
            { ...address('198.51.100.7', 11), signedIn: true },
            { ...address('198.51.100.9', 2), allowed: true },
          ],
        },
        spared: { total: 0, addresses: [] },
      },
      expect.objectContaining({ node: 'pve2', failures: 0 }),
    ])
    const spared = (await preview({ maxretry: 6, node: 'pve1' })).body.nodes
    expect(spared).toMatchObject([{ spared: { total: 1, addresses: [address('198.51.100.8', 5)] } }])
    expect((await lab.as('GET', PATHS.tuning)).body.revision).toBe(0)
  })

  it.each([
    [{ jail: 'nothing' }, 404],
    [{ node: 'nobody' }, 404],
    [{ maxretry: 0 }, 400],
    [{ days: 8 }, 400],
    [{ maxRetry: 3 }, 400],
  ])('of %j is refused', async (body, status) => {
    await online('pve1')
    expect((await preview(body)).status).toBe(status)
  })

  it('leaves the server free to answer others, and keeps few waiting', async () => {
    await online('pve1')
    const events = Array.from({ length: 30_000 }, (_, i) => ({
      seq: i + 1,
      at: NOON - 1_000,
      event: structuredClone(failure(`198.18.${i % 200}.${i % 251}`, NOON - 60_000 + i)) as never,
    }))
    lab.server.ingestHistory({ node: 'pve1', cluster: 'lab', enrolledAt: NOON, events })
    let isOver = false
    const all = Promise.all(Array.from({ length: 6 }, () => preview({ maxretry: 2 }))).finally(
      () => (isOver = true),
    )
    expect((await lab.call('GET', '/healthz')).status).toBe(200)
    expect(isOver).toBe(false)
    let turns = 0
    for (; !isOver; turns++) await new Promise((resolve) => setImmediate(resolve))
    const statuses = (await all).map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, 200, 200, 200, 409, 409])
    // The main thread only waits: counting in it would leave it a few turns.
    expect(turns).toBeGreaterThan(1_000)
  }, 60_000)
})

describe('failures of the past', () => {
  const all = (past: PastFailures): readonly Failure[] => {
    const taken: Failure[] = []
    past((...each) => void taken.push(each))
    return taken
  }

  it.each([
    ['', []],
    ['1 192.0.2.1 1800000000000', [[1, '192.0.2.1', 1_800_000_000_000]]],
    [
      '12 2001:db8::1 5\n3 192.0.2.0/24 0',
      [
        [12, '2001:db8::1', 5],
        [3, '192.0.2.0/24', 0],
      ],
    ],
  ] as const)('are read from %j', (text, failures) => {
    expect(all((take) => readFailures(text, take))).toEqual(failures)
  })

  it.each([
    ['one after the other', 1],
    ['at the same few moments', 12_000],
  ])('come whole and in the order of their arrival, in whatever steps they are read: %s', (_name, share) => {
    using lab = openLabStorage()
    const { stores } = lab
    const node = stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
    const outbox = stores.outboxes.open(node, 'outbox-1').id
    const failures = Array.from({ length: 25_000 }, (_, i): Failure => {
      return [node, `198.18.${i % 7}.${i % 251}`, NOON + i]
    })
    stores.transaction(() => {
      const other = { ...failure('192.0.2.9', NOON), jail: 'other' }
      stores.events.add({ nodeId: node, outboxId: outbox, outboxSeq: 0, at: NOON, event: other })
      for (const [i, [, ip, failedAt]] of failures.entries()) {
        const at = NOON + Math.floor(i / share)
        stores.events.add({
          nodeId: node,
          outboxId: outbox,
          outboxSeq: i + 1,
          at,
          event: failure(ip, failedAt),
        })
      }
    })
    using past = backend.openPast(lab.folder)
    expect(all(past.of('sshd', NOON, NOON + 30_000))).toEqual(failures)
    expect(all(past.of('sshd', NOON + 1, NOON + 2))).toEqual(failures.slice(share, 2 * share))
  })
})
