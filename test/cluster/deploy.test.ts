import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeployView } from '@warder/protocol/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must, until } from '../lab/command.ts'
import { makePackages } from '../lab/packages.ts'
import { bootTrouble, Lab, type BootedNode } from './booted.ts'
import { difference, inventory, Operator } from './scene.ts'

const trouble = bootTrouble()
const PASSWORD = 'a password of the lab'

/** The server puts its agent on other systems over SSH, or leaves them as they were. */
describe.skipIf(trouble)(`deployment over SSH${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: Lab
  let server: BootedNode
  let target: BootedNode
  let older: BootedNode
  let operator: Operator
  let key = ''
  let untouched: readonly string[] = []

  const hostKey = async (node: BootedNode): Promise<string> =>
    ((await operator.post('deploys/host-key', { host: node.address })) as { fingerprint: string }).fingerprint

  /** Begins a deployment and waits for its end. */
  async function deployed(node: BootedNode, more: object): Promise<DeployView> {
    const wanted = { host: node.address, hostKey: await hostKey(node), ...more }
    const { id } = (await operator.post('deploys', wanted)) as DeployView
    return until(
      'the end of the deployment',
      async () => {
        const view = (await operator.get(`deploys/${id}`)) as DeployView
        return view.endedAt !== null && view
      },
      180_000,
    )
  }

  beforeAll(async () => {
    lab = await Lab.open(['trixie', 'bookworm'])
    const packages = await makePackages(join(lab.folder, 'packages'))
    ;[server, target, older] = await Promise.all([
      lab.up('pve1', 11, 'trixie'),
      lab.up('pve2', 12, 'trixie'),
      lab.up('pve3', 13, 'bookworm'),
    ])
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(lab.folder, 'key')])
    key = await readFile(join(lab.folder, 'key'), 'utf8')
    for (const node of [target, older]) {
      await node.must('mkdir', '-p', '-m', '700', '/root/.ssh')
      await node.put(join(lab.folder, 'key.pub'), '/root/.ssh/authorized_keys')
      await node.shell(`useradd -m -s /bin/sh plain; useradd -m -s /bin/sh -G sudo able`)
      await node.shell(`printf 'plain:${PASSWORD}\\nable:${PASSWORD}\\n' | chpasswd`)
    }
    await server.put(packages.server, '/root/server.deb')
    const said = await server.shell('dpkg -i /root/server.deb 2>&1')
    operator = new Operator(lab, `http://${server.address}:8008`)
    await operator.claim(/[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(said)?.[0] ?? '')
    untouched = await inventory(target)
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  it('shows the key of a host as its own console does', async () => {
    const own = await target.must('ssh-keygen', '-lf', '/etc/ssh/ssh_host_ed25519_key.pub')
    expect(own).toContain(await hostKey(target))
  })

  it.each([
    ['another host key', { hostKey: `SHA256:${'A'.repeat(43)}` }, 'connect', 'host-key-changed'],
    [
      'a wrong password',
      { user: 'able', signIn: { kind: 'password', password: 'wrong' } },
      'connect',
      'auth-refused',
    ],
    ['a key that is none', { signIn: { kind: 'key', key: 'none' } }, 'connect', 'key-unreadable'],
    [
      'a user who may not become root',
      { user: 'plain', signIn: { kind: 'password', password: PASSWORD } },
      'look',
      'sudo-denied',
    ],
    ['a server that the host cannot reach', { server: 'http://10.77.0.99:8008' }, 'enrol', 'enrol-failed'],
  ])('fails with %s in a clear sentence, and leaves the host as it was', async (_, more, step, code) => {
    const view = await deployed(target, { signIn: { kind: 'key', key }, ...more })
    expect(view).toMatchObject({ state: 'failed', problem: { code } })
    expect(view.steps.find(({ state }) => state === 'failed')?.step).toBe(step)
    expect(difference(untouched, await inventory(target)).filter((line) => !/ \/home\//.test(line))).toEqual(
      [],
    )
    expect(JSON.stringify(view)).not.toContain(PASSWORD)
  })

  it.each([
    ['root with a key, on Debian 13', () => target, () => ({ signIn: { kind: 'key', key } })],
    [
      'a user with sudo and a password, on Debian 12',
      () => older,
      () => ({ user: 'able', signIn: { kind: 'password', password: PASSWORD } }),
    ],
  ])('protects a host as %s, and sees its first report', async (_, node, how) => {
    const view = await deployed(node(), how())
    expect(view).toMatchObject({ state: 'done', node: node().name, problem: null, rollback: null })
    expect(view.steps.map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => 'done'))
    process.stdout.write(
      `${node().name}: ${view.steps.map(({ step, ms }) => `${step} ${ms} ms`).join(', ')}\n`,
    )
    expect((await node().must('systemctl', 'is-active', 'warder-agent')).trim()).toBe('active')
    expect(await node().shell('ls /var/tmp')).not.toContain('warder-deploy')
    const rows = (await operator.get('nodes')) as readonly { name: string; state: string }[]
    expect(rows.find(({ name }) => name === node().name)?.state).toBe('online')
  })

  it('does not touch a host that reports to a server already', async () => {
    const view = await deployed(target, { signIn: { kind: 'key', key } })
    expect(view).toMatchObject({ state: 'failed', problem: { code: 'already-added' } })
    expect((await target.must('systemctl', 'is-active', 'warder-agent')).trim()).toBe('active')
  })

  it('writes down nowhere what signed in', async () => {
    const found = await server.run('grep', '-rlaF', PASSWORD, '/var/lib/warder-server', '/var/log')
    expect(found.stdout).toBe('')
    const secret = key.split('\n')[2] ?? 'none'
    expect((await server.run('grep', '-rlaF', secret, '/var/lib/warder-server', '/var/log')).stdout).toBe('')
  })
})
