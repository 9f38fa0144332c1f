import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure, LabNode, report } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

async function online(name: string) {
  const node = new LabNode(name)
  const { link } = await node.join(lab)
  link.send({ kind: 'status', status: node.status(lab.clock.now()) })
  await expect.poll(async () => (await lab.as('GET', `${PATHS.jails}?node=${name}`)).body.length).toBe(1)
  return { node, link }
}
const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  lab.call(method, path, { body, headers: { cookie: await lab.cookie(), origin: lab.url, ...headers } })
const put = (path: string, body: object, match: string | null = '*') =>
  ask('PUT', path, { base: undefined, ...body }, match === null ? {} : { 'if-match': match })
const wantedOf = async (node: string) => (await lab.as('GET', `${PATHS.jails}?node=${node}`)).body[0].wanted

describe('whole documents', () => {
  it('are read with their number as ETag, and written in the place of what was there', async () => {
    const { link } = await online('pve1')
    const empty = await ask('GET', PATHS.tuning)
    expect(empty).toMatchObject({
      status: 200,
      body: { revision: 0, document: { fleet: {}, clusters: {}, nodes: {} } },
    })
    expect(empty.headers.get('etag')).toBe('"0"')
    const document = {
      fleet: { sshd: { maxretry: 4, findtime: 300 } },
      clusters: { lab: { sshd: { maxretry: 3 } }, other: { sshd: { bantime: -1 } } },
      nodes: { pve1: { sshd: { bantime: 60 } }, nobody: {} },
    }
    const written = await put(PATHS.tuning, { document, reason: 'all at once' }, '"0"')
    expect(written).toMatchObject({ status: 200, body: { revision: 1 } })
    expect(written.headers.get('etag')).toBe('"1"')
    expect((await link.next('settings')).settings).toEqual({
      revision: 1,
      jails: { sshd: { maxretry: 3, findtime: 300, bantime: 60 } },
    })
    expect(await wantedOf('pve1')).toMatchObject({ maxretry: 3, findtime: 300, bantime: 60 })
    const { nodes: _, ...rest } = document
    expect((await ask('GET', PATHS.tuning)).body).toEqual({
      revision: 1,
      document: { ...rest, nodes: { pve1: document.nodes.pve1 } },
    })
  })

  it.each([
    ['the fleet', PATHS.tuningFleet, 4],
    ['a cluster', PATHS.tuningCluster('lab'), 4],
    ['a node', PATHS.tuningNode('pve1'), 4],
  ])('of %s alone leave the other layers as they are', async (_, path, maxretry) => {
    await online('pve1')
    expect((await ask('GET', path)).body).toEqual({ revision: 0, jails: {} })
    expect((await put(path, { jails: { sshd: { maxretry } } })).body.revision).toBe(1)
    const read = await ask('GET', path)
    expect(read.body).toEqual({ revision: 1, jails: { sshd: { maxretry } } })
    expect((await wantedOf('pve1')).maxretry).toBe(maxretry)
    expect((await put(path, { jails: {} }, read.headers.get('etag'))).body.revision).toBe(2)
    expect((await wantedOf('pve1')).maxretry).toBe(5)
    expect((await put(PATHS.tuningFleet, { jails: { sshd: { findtime: 60 } } })).body.revision).toBe(3)
    expect(await wantedOf('pve1')).toMatchObject({ maxretry: 5, findtime: 60 })
  })

  it('that were changed since are refused', async () => {
    await online('pve1')
    const jails = { sshd: { maxretry: 4 } }
    const cases = [
      [428, 'precondition.missing', await put(PATHS.tuningFleet, { jails }, null)],
      [200, undefined, await put(PATHS.tuningFleet, { jails }, '"0"')],
      [412, 'precondition.failed', await put(PATHS.tuningFleet, { jails: {} }, '"0"')],
      [
        412,
        'precondition.failed',
        await put(PATHS.tuning, { document: { fleet: {}, clusters: {}, nodes: {} } }, '"7"'),
      ],
      [409, 'revision.stale', await put(PATHS.tuningFleet, { jails: {}, base: 0 }, null)],
      [400, 'input.invalid', await put(PATHS.tuningFleet, { jails: {} }, 'seven')],
      [
        412,
        'precondition.failed',
        await ask('PUT', PATHS.jailSettings('sshd'), { maxretry: 2 }, { 'if-match': '"0"' }),
      ],
      [
        412,
        'precondition.failed',
        await ask('PUT', PATHS.fleetSettings, { filterLocalNetworks: true }, { 'if-match': '"0"' }),
      ],
      [409, 'revision.stale', await ask('POST', PATHS.restoreRevision(0), { base: 0 })],
    ] as const
    for (const [status, code, answer] of cases)
      expect([answer.status, answer.body.code]).toEqual([status, code])
    expect((await ask('GET', PATHS.tuning)).body.revision).toBe(1)
  })

  it.each([
    [PATHS.tuningFleet, { jails: { sshd: { maxretry: 0 } } }, 400],
    [PATHS.tuningFleet, { jails: { sshd: { maxRetry: 3 } } }, 400],
    [PATHS.tuningFleet, { jails: { 'no such name!': { maxretry: 3 } } }, 400],
    [PATHS.tuningFleet, { jails: { sshd: { policy: 'after 0 nodes' } } }, 400],
    [PATHS.tuningFleet, { jails: {}, confirmWithin: 5 }, 400],
    [PATHS.tuning, { document: { fleet: {} } }, 400],
    [PATHS.tuningCluster('nowhere'), { jails: {} }, 404],
    [PATHS.tuningCluster('__proto__'), { jails: {} }, 404],
    [PATHS.tuningNode('nobody'), { jails: {} }, 404],
  ])('of %s that make no sense (%j) are refused', async (path, body, status) => {
    await online('pve1')
    expect((await put(path, body)).status).toBe(status)
    expect((await ask('GET', PATHS.tuning)).body.revision).toBe(0)
  })

  it('that would ban whoever asks are refused as single keys are', async () => {
    await using own = await startLab({ config: { trusted_proxies: ['127.0.0.1'] } })
    const node = new LabNode('pve1')
    const { link } = await node.join(own)
    link.send({ kind: 'status', status: node.status(own.clock.now()) })
    const now = own.clock.now()
    await report(link, node.record(now, ...[1, 2, 3].map((m) => failure('198.51.100.7', now - m * 60_000))))
    const headers = {
      cookie: await own.cookie(),
      origin: own.url,
      'if-match': '*',
      'x-forwarded-for': '198.51.100.7',
    }
    const body = { jails: { sshd: { maxretry: 3 } } }
    expect(await own.call('PUT', PATHS.tuningCluster('lab'), { body, headers })).toMatchObject({
      status: 409,
      body: { code: 'settings.self' },
    })
    const confirmed = { ...body, confirm: '198.51.100.7' }
    expect((await own.call('PUT', PATHS.tuningCluster('lab'), { body: confirmed, headers })).status).toBe(200)
  })
})

describe('history', () => {
  it('has each revision whole, with what it changed and what each node said', async () => {
    const [one, two] = [await online('pve1'), await online('pve2')]
    await online('pve10')
    await put(PATHS.tuningFleet, { jails: { sshd: { maxretry: 4 } }, reason: 'a storm' })
    await report(one.link, one.node.record(NOON, { kind: 'settings.applied', revision: 1 }))
    await report(two.link, two.node.record(NOON, { kind: 'settings.refused', revision: 1, reason: 'no' }))
    const first = {
      revision: 1,
      at: NOON,
      by: 'ada',
      reason: 'a storm',
      summary: 'sshd on all nodes: maxretry inherited → 4',
      confirmWithin: null,
      document: { fleet: { sshd: { maxretry: 4 } }, clusters: {}, nodes: {} },
      changes: [
        { kind: 'jail', layer: { kind: 'fleet' }, jail: 'sshd', key: 'maxretry', before: null, after: 4 },
      ],
    }
    const answered = [
      { node: 'pve1', state: 'applied', reason: null, at: NOON },
      { node: 'pve2', state: 'refused', reason: 'no', at: NOON },
    ]
    const pending = { node: 'pve10', state: 'pending', reason: null, at: null }
    expect((await ask('GET', PATHS.revision(1))).body).toEqual({ ...first, answers: [...answered, pending] })
    await put(PATHS.tuningFleet, { jails: { sshd: { maxretry: 2 } } })
    // Nobody waits any more for what came before the newest.
    expect((await ask('GET', PATHS.revision(1))).body).toEqual({ ...first, answers: answered })
    expect((await ask('GET', PATHS.revision(0))).body).toMatchObject({
      revision: 0,
      changes: [],
      answers: [],
    })
    expect(await ask('GET', PATHS.revision(3))).toMatchObject({
      status: 404,
      body: { code: 'revision.unknown' },
    })
  })

  it('is gone back to with one call, which is a revision too', async () => {
    const { link } = await online('pve1')
    await put(PATHS.tuningFleet, { jails: { sshd: { maxretry: 4 } } })
    await put(PATHS.tuningNode('pve1'), { jails: { sshd: { maxretry: 9 } } })
    const preview = await ask('POST', PATHS.tuningDiff, { kind: 'revision', revision: 1 })
    expect(preview.body).toMatchObject({
      base: 2,
      summary: 'sshd on node pve1: maxretry 9 → inherited',
      nodes: [{ node: 'pve1', jail: 'sshd', before: { maxretry: 9 }, after: { maxretry: 4 } }],
    })
    const back = await ask('POST', PATHS.restoreRevision(1), {}, { 'if-match': '"2"' })
    expect(back).toMatchObject({
      status: 200,
      body: { revision: 3, nodes: [{ node: 'pve1', state: 'pending' }] },
    })
    const { settings } = await link.next('settings', (message) => message.settings.revision === 3)
    expect(settings.jails).toEqual({ sshd: { maxretry: 4 } })
    expect((await ask('GET', PATHS.revisions)).body.rows[0]).toMatchObject({
      revision: 3,
      reason: 'back to revision 1',
      summary: 'sshd on node pve1: maxretry 9 → inherited',
    })
    expect((await ask('POST', PATHS.restoreRevision(0), {})).body.revision).toBe(4)
    expect((await ask('GET', PATHS.tuning)).body.document).toEqual({ fleet: {}, clusters: {}, nodes: {} })
    expect((await ask('GET', PATHS.audit)).body.rows[0]).toMatchObject({ target: 'back to revision 0' })
  })
})

describe('a difference', () => {
  it('is told before anything is changed, with what would run otherwise', async () => {
    await online('pve1')
    const layer = { kind: 'cluster', name: 'lab' }
    const body = { kind: 'layer', layer, jails: { sshd: { maxretry: 2 }, nginx: { bantime: -1 } } }
    expect((await ask('POST', PATHS.tuningDiff, body)).body).toEqual({
      base: 0,
      summary:
        'nginx on cluster lab: bantime inherited → for ever; sshd on cluster lab: maxretry inherited → 2',
      changes: [
        { kind: 'jail', layer, jail: 'nginx', key: 'bantime', before: null, after: -1 },
        { kind: 'jail', layer, jail: 'sshd', key: 'maxretry', before: null, after: 2 },
      ],
      nodes: [
        {
          node: 'pve1',
          jail: 'sshd',
          before: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
          after: { enabled: true, maxretry: 2, findtime: 600, bantime: 600 },
        },
      ],
    })
    expect((await ask('GET', PATHS.tuning)).body.revision).toBe(0)
    const same = { kind: 'document', document: { fleet: { sshd: {} }, clusters: {}, nodes: {} } }
    expect((await ask('POST', PATHS.tuningDiff, same)).body).toMatchObject({
      summary: 'no change',
      changes: [],
    })
  })
})

it('settings on trial are told to agents that know of it, and to no others', async () => {
  const { link } = await online('pve1')
  const old = new LabNode('pve2')
  old.version = 2
  const before = await old.join(lab)
  await put(PATHS.tuningFleet, { jails: { sshd: { maxretry: 4 } }, confirmWithin: 60 })
  const jails = { sshd: { maxretry: 4 } }
  expect((await link.next('settings')).settings).toEqual({ revision: 1, jails, confirmWithin: 60 })
  expect((await before.link.next('settings')).settings).toEqual({ revision: 1, jails })
  expect((await ask('GET', PATHS.revisions)).body.rows[0].confirmWithin).toBe(60)
  await put(PATHS.tuningFleet, { jails: {} })
  const next = await link.next('settings', ({ settings }) => settings.revision === 2)
  expect(next.settings).toEqual({ revision: 2, jails: {} })
})
