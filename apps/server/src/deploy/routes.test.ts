import { PATHS } from '@warder/protocol/paths'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabNode } from '../lab/agent.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

const SECRET = 'the password of root'
const WANTED = {
  host: '127.0.0.1',
  port: 1,
  signIn: { kind: 'password', password: SECRET },
  hostKey: `SHA256:${'A'.repeat(43)}`,
}

describe('work on hosts, by the API', () => {
  let folder = ''
  let lab: Lab
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'warder-offer-'))
    mkdirSync(join(folder, 'pve'))
    mkdirSync(join(folder, 'packages'))
    writeFileSync(join(folder, 'packages', 'warder-agent_9.0.0_amd64.deb'), 'a package')
    const nodelist = {
      pve1: { id: 1, online: 1, ip: '192.0.2.11' },
      pve2: { id: 2, online: 1, ip: '192.0.2.12' },
    }
    writeFileSync(
      join(folder, 'pve', '.members'),
      JSON.stringify({ nodename: 'pve1', version: 2, cluster: { name: 'lab' }, nodelist }),
    )
    lab = await startLab({
      config: { pve_dir: join(folder, 'pve'), agent_packages: join(folder, 'packages') },
    })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(NOON) })
    await expect.poll(async () => (await lab.as('GET', PATHS.node('pve1'))).body.agent).not.toBe(null)
  })
  afterEach(async () => {
    await lab[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  it('is offered with the package, the nodes that are older, and the members of the cluster', async () => {
    const { body } = await lab.as('GET', PATHS.deployOffer)
    expect(body.package).toEqual({ version: '9.0.0', architecture: 'amd64', bytes: 9 })
    expect(body.outdated).toEqual(['pve1'])
    expect(body.cluster).toMatchObject({ name: 'lab', why: null })
    expect(body.cluster.members).toEqual([
      { name: 'pve1', address: '192.0.2.11', isOnline: true, isHere: true, node: 'pve1' },
      { name: 'pve2', address: '192.0.2.12', isOnline: true, isHere: false, node: null },
    ])
  })

  it.each([
    ['an upgrade of nobody', { kind: 'upgrade' }, 400, 'input.invalid'],
    ['a removal of a node that is none', { kind: 'remove', node: 'pve9' }, 404, 'node.unknown'],
    ['what comes after something unknown', { after: 'x' }, 404, 'deploy.unknown'],
    ['a host that is an option', { host: '-oProxyCommand=x' }, 400, 'input.invalid'],
    ['a server that is a command', { server: 'http://x/$(reboot)' }, 400, 'input.invalid'],
  ])('refuses %s', async (_, more, status, code) => {
    const answer = await lab.as('POST', PATHS.deploys, { ...WANTED, ...more })
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('says how it ended, in a list, in the audit, and never with what signed in', async () => {
    const { body } = await lab.as('POST', PATHS.deploys, { ...WANTED, kind: 'upgrade', node: 'pve1' })
    await expect.poll(async () => (await lab.as('GET', PATHS.deploy(body.id))).body.state).toBe('failed')
    const view = (await lab.as('GET', PATHS.deploy(body.id))).body
    expect(view).toMatchObject({
      kind: 'upgrade',
      node: 'pve1',
      host: '127.0.0.1:1',
      problem: { code: 'unreachable' },
    })
    const all = await lab.as('GET', PATHS.deploys)
    const audit = await lab.as('GET', PATHS.audit)
    expect(audit.body.rows.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['node.deploy', 'node.deploy-end']),
    )
    expect(JSON.stringify([view, all.body, audit.body])).not.toContain(SECRET)
  })
})
