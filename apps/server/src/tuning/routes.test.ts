import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabNode, report } from '../lab/agent.ts'
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
const tune = (body: unknown, path = PATHS.jailSettings('sshd')) => lab.as('PUT', path, body)
const jailOf = async (node: string) => (await lab.as('GET', `${PATHS.jails}?node=${node}`)).body[0]

describe('tuning', () => {
  it('goes to every node and comes back applied or refused', async () => {
    const [one, two] = [await online('pve1'), await online('pve2')]
    const changed = await tune({ maxretry: 3, reason: 'a storm' })
    expect(changed).toMatchObject({
      status: 200,
      body: {
        revision: 1,
        nodes: [
          { node: 'pve1', state: 'pending' },
          { node: 'pve2', state: 'pending' },
        ],
      },
    })
    const wanted = { revision: 1, jails: { sshd: { maxretry: 3 } } }
    expect((await one.link.next('settings')).settings).toEqual(wanted)
    expect((await two.link.next('settings')).settings).toEqual(wanted)
    await report(one.link, one.node.record(NOON, { kind: 'settings.applied', revision: 1 }))
    await report(two.link, two.node.record(NOON, { kind: 'settings.refused', revision: 1, reason: 'no' }))
    expect((await jailOf('pve1')).revision).toEqual({
      wanted: 1,
      answered: 1,
      state: 'applied',
      reason: null,
    })
    expect((await jailOf('pve2')).revision).toEqual({
      wanted: 1,
      answered: 1,
      state: 'refused',
      reason: 'no',
    })
    expect((await lab.as('GET', PATHS.node('pve2'))).body.revision.state).toBe('refused')
    expect((await lab.as('GET', PATHS.revisions)).body.rows).toMatchObject([
      { revision: 1, at: NOON, by: 'ada', reason: 'a storm' },
    ])
  })

  it('lets local networks be filtered on all nodes, which agents of before are not told', async () => {
    const [one, old] = [await online('pve1'), new LabNode('pve2')]
    old.version = 2
    const { link } = await old.join(lab)
    expect((await lab.as('GET', PATHS.fleetSettings)).body).toEqual({
      revision: 0,
      filterLocalNetworks: null,
    })
    const set = (filterLocalNetworks: boolean | null, base?: number) =>
      tune({ filterLocalNetworks, ...(base === undefined ? {} : { base }) }, PATHS.fleetSettings)
    expect(await set(true)).toMatchObject({ status: 200, body: { revision: 1 } })
    const wanted = { revision: 1, jails: {} }
    expect((await one.link.next('settings')).settings).toEqual({ ...wanted, filterLocalNetworks: true })
    expect((await link.next('settings')).settings).toEqual(wanted)
    expect(await set(false, 0)).toMatchObject({ status: 409 })
    expect(await set(null)).toMatchObject({ status: 200, body: { revision: 2 } })
    expect((await lab.as('GET', PATHS.fleetSettings)).body).toEqual({
      revision: 2,
      filterLocalNetworks: null,
    })
    expect((await lab.as('GET', PATHS.revisions)).body.rows).toMatchObject([
      { summary: 'local networks on all nodes: can be banned → as each node says' },
      { summary: 'local networks on all nodes: as each node says → can be banned' },
    ])
  })

  it('says from which layer each value comes, and takes it back with null', async () => {
    const { link } = await online('pve1')
    await tune({ maxretry: 3, bantime: -1 })
    await tune({ maxretry: 8 }, PATHS.nodeJailSettings('pve1', 'sshd'))
    expect(await jailOf('pve1')).toMatchObject({
      configured: { maxretry: 5, bantime: 600 },
      wanted: { maxretry: 8, bantime: -1, findtime: 600 },
      layers: { maxretry: 'node', bantime: 'fleet', findtime: 'configured', enabled: 'configured' },
    })
    await tune({ maxretry: null }, PATHS.nodeJailSettings('pve1', 'sshd'))
    expect((await jailOf('pve1')).wanted.maxretry).toBe(3)
    await link.next('settings', ({ settings }) => settings.revision === 3)
  })

  it('makes no revision where nothing would be different', async () => {
    await online('pve1')
    await tune({ maxretry: 3 })
    expect((await tune({ maxretry: 3 })).body.revision).toBe(1)
    expect((await tune({})).body.revision).toBe(1)
    expect((await tune({ findtime: null })).body.revision).toBe(1)
    expect((await lab.as('GET', PATHS.revisions)).body.rows).toHaveLength(1)
  })

  it('refuses a change that is based on older settings', async () => {
    await online('pve1')
    expect((await tune({ maxretry: 3, base: 0 })).status).toBe(200)
    expect(await tune({ maxretry: 4, base: 0 })).toMatchObject({
      status: 409,
      body: { code: 'revision.stale' },
    })
    expect((await tune({ maxretry: 4, base: 1 })).body.revision).toBe(2)
  })

  it('is told to a node that was away with its welcome, and survives a restart', async () => {
    const { node, link } = await online('pve1')
    link.cut()
    await expect.poll(async () => (await jailOf('pve1')).state).toBe('unknown')
    await tune({ maxretry: 3 })
    await lab.stop()
    lab = await startLab({ folder: lab.config.data_dir.replace(/\/data$/, ''), clock: lab.clock })
    const again = await node.dial(lab.url)
    expect((await again.next('welcome')).settings).toEqual({ revision: 1, jails: { sshd: { maxretry: 3 } } })
    expect((await tune({ maxretry: 4 })).body.revision).toBe(2)
  })

  it('counts a report that runs the revision as its answer', async () => {
    const { node, link } = await online('pve1')
    await tune({ maxretry: 3 })
    link.send({ kind: 'status', status: node.status(NOON, { revision: 1 }) })
    await expect.poll(async () => (await jailOf('pve1')).revision.state).toBe('applied')
  })

  it('is refused where it makes no sense', async () => {
    await online('pve1')
    for (const [path, body, status, code] of [
      [PATHS.jailSettings('nothing'), { maxretry: 3 }, 404, 'jail.unknown'],
      [PATHS.jailSettings('../x'), { maxretry: 3 }, 404, 'jail.unknown'],
      [PATHS.jailSettings('__proto__'), { maxretry: 3 }, 404, 'jail.unknown'],
      [PATHS.nodeJailSettings('nobody', 'sshd'), { maxretry: 3 }, 404, 'node.unknown'],
      [PATHS.nodeJailSettings('pve1', 'nothing'), { maxretry: 3 }, 404, 'jail.unknown'],
      [PATHS.jailSettings('sshd'), { maxretry: 0 }, 400, 'input.invalid'],
      [PATHS.jailSettings('sshd'), { bantime: -2 }, 400, 'input.invalid'],
      [PATHS.jailSettings('sshd'), { findtime: 1.5 }, 400, 'input.invalid'],
      [PATHS.jailSettings('sshd'), { maxRetry: 3 }, 400, 'input.invalid'],
      [PATHS.jailSettings('sshd'), { enabled: 'yes' }, 400, 'input.invalid'],
    ] as const) {
      expect(await tune(body, path), `${path} ${JSON.stringify(body)}`).toMatchObject({
        status,
        body: { code },
      })
    }
  })

  it('is in the audit with what was before and after', async () => {
    await online('pve1')
    await tune({ maxretry: 3 })
    await tune({ maxretry: 4, reason: 'calm again' })
    const [last] = (await lab.as('GET', PATHS.audit)).body.rows
    expect(last).toMatchObject({
      action: 'settings.change',
      target: 'sshd on all nodes',
      before: { revision: 1, maxretry: 3 },
      after: { revision: 2, maxretry: 4, reason: 'calm again' },
    })
  })
})
