import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabNode } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

async function online(name: string) {
  const node = new LabNode(name)
  const { link } = await node.join(lab)
  link.send({ kind: 'status', status: node.status(NOON) })
  const jails = async () => (await lab.as('GET', `${PATHS.jails}?node=${name}`)).body.length
  await expect.poll(jails, { timeout: 10_000 }).toBe(1)
  return link
}
const sshdOf = async (node: string) => (await lab.as('GET', `${PATHS.jails}?node=${node}`)).body[0]

describe('groups of nodes', () => {
  it('hold settings between their clusters and their nodes, which reach the nodes', async () => {
    const link = await online('pve1')
    await online('pve2')
    expect((await lab.as('GET', PATHS.groups)).body.rows).toEqual([
      { name: 'lab', kind: 'cluster', nodes: ['pve1', 'pve2'], jails: {} },
    ])
    const made = await lab.as('PUT', PATHS.group('edge'), { nodes: ['pve1'], reason: 'faces the internet' })
    expect([made.status, made.body.revision, made.headers.get('etag')]).toEqual([200, 1, '"1"'])
    await lab.as('PUT', PATHS.groupJailSettings('lab', 'sshd'), { maxretry: 8, findtime: 300 })
    await lab.as('PUT', PATHS.groupJailSettings('edge', 'sshd'), { maxretry: 3 })
    const { settings } = await link.next('settings', (message) => message.settings.revision === 3)
    expect(settings.jails['sshd']).toEqual({ maxretry: 3, findtime: 300 })
    expect(await sshdOf('pve1')).toMatchObject({
      wanted: { maxretry: 3, findtime: 300 },
      layers: { maxretry: 'group', findtime: 'cluster' },
    })
    expect(await sshdOf('pve2')).toMatchObject({ wanted: { maxretry: 8 }, layers: { maxretry: 'cluster' } })
    await lab.as('PUT', PATHS.nodeJailSettings('pve1', 'sshd'), { maxretry: 2 })
    expect(await sshdOf('pve1')).toMatchObject({ wanted: { maxretry: 2 }, layers: { maxretry: 'node' } })
    expect((await lab.as('GET', PATHS.groups)).body.rows).toEqual([
      {
        name: 'lab',
        kind: 'cluster',
        nodes: ['pve1', 'pve2'],
        jails: { sshd: { maxretry: 8, findtime: 300 } },
      },
      { name: 'edge', kind: 'group', nodes: ['pve1'], jails: { sshd: { maxretry: 3 } } },
    ])
    const { body } = await lab.as('POST', PATHS.tuningPreview, { jail: 'sshd', group: 'edge', maxretry: 2 })
    expect(body.nodes.map(({ node }: { node: string }) => node)).toEqual(['pve1'])
  })

  it('come back with their revision, and go with a reason', async () => {
    await online('pve1')
    await lab.as('PUT', PATHS.group('edge'), { nodes: ['pve1'] })
    await lab.as('PUT', PATHS.groupJailSettings('edge', 'sshd'), { maxretry: 3 })
    const gone = await lab.as('DELETE', `${PATHS.group('edge')}?reason=moved`)
    expect([gone.status, gone.body.revision]).toEqual([200, 3])
    expect(await sshdOf('pve1')).toMatchObject({ wanted: { maxretry: 5 } })
    const { body: last } = await lab.as('GET', PATHS.revision(3))
    expect([last.summary, last.reason]).toEqual([
      'group edge: pve1 → none; sshd on group edge: maxretry 3 → inherited',
      'moved',
    ])
    await lab.as('POST', PATHS.restoreRevision(2), {})
    expect(await sshdOf('pve1')).toMatchObject({ wanted: { maxretry: 3 }, layers: { maxretry: 'group' } })
  })

  it('have a layer that is read and written whole', async () => {
    await online('pve1')
    await lab.as('PUT', PATHS.group('edge'), { nodes: ['pve1'] })
    const written = await lab.as('PUT', PATHS.tuningGroup('edge'), {
      jails: { sshd: { maxretry: 4 } },
      base: 1,
    })
    expect(written.status).toBe(200)
    expect((await lab.as('GET', PATHS.tuningGroup('edge'))).body).toEqual({
      revision: 2,
      jails: { sshd: { maxretry: 4 } },
    })
    const { document } = (await lab.as('GET', PATHS.tuning)).body
    expect(document.groups).toEqual([{ name: 'edge', nodes: ['pve1'], jails: { sshd: { maxretry: 4 } } }])
    const whole = { ...document, groups: [] }
    expect((await lab.as('PUT', PATHS.tuning, { document: whole, base: 2 })).status).toBe(200)
    expect((await lab.as('GET', PATHS.tuningGroup('edge'))).body.code).toBe('group.unknown')
  })

  it.each([
    ['PUT', PATHS.group('edge'), { nodes: ['nobody'] }, 'node.unknown'],
    ['PUT', PATHS.group('lab'), { nodes: ['pve1'] }, 'group.taken'],
    ['PUT', PATHS.group('../x'), { nodes: ['pve1'] }, 'input.invalid'],
    ['PUT', PATHS.group('edge'), { nodes: ['pve1'], base: 7 }, 'revision.stale'],
    ['DELETE', PATHS.group('edge'), undefined, 'group.unknown'],
    ['DELETE', PATHS.group('lab'), undefined, 'group.unknown'],
    ['PUT', PATHS.groupJailSettings('edge', 'sshd'), { maxretry: 3 }, 'group.unknown'],
    ['PUT', PATHS.groupJailSettings('lab', 'nothing'), { maxretry: 3 }, 'jail.unknown'],
    ['POST', PATHS.tuningPreview, { jail: 'sshd', group: 'edge' }, 'group.unknown'],
  ])('%s %s %j is refused as %s', async (method, path, body, code) => {
    await online('pve1')
    expect((await lab.as(method, path, body)).body.code).toBe(code)
  })
})
