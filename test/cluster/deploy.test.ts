import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeployOffer, DeployView } from '@warder/protocol/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must, until } from '../lab/command.ts'
import { makePackages, type Packages } from '../lab/packages.ts'
import { bootTrouble, Lab, repacked, type BootedNode } from './booted.ts'
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
  let packages: Packages
  let key = ''
  let untouched: readonly string[] = []
  let olderUntouched: readonly string[] = []

  /** Gives the server another package of the agent. */
  async function ship(version: string, postinst = ''): Promise<void> {
    const file = await repacked(packages.agent, version, { folder: lab.folder, postinst })
    await server.shell('rm /usr/lib/warder-server/agent/*')
    const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
    await server.put(file, `/usr/lib/warder-server/agent/warder-agent_${version}_${architecture}.deb`)
    await server.shell('chmod 644 /usr/lib/warder-server/agent/*')
  }
  const versionOf = (node: BootedNode): Promise<string> =>
    node.must('dpkg-query', '-W', '-f=${Version}', 'warder-agent')
  const namesOfNodes = async (): Promise<readonly string[]> =>
    ((await operator.get('nodes')) as readonly { name: string }[]).map(({ name }) => name)

  const hostKey = async (node: BootedNode): Promise<string> =>
    ((await operator.post('deploys/host-key', { host: node.address })) as { fingerprint: string }).fingerprint

  /** Begins a deployment → its id. */
  async function begun(node: BootedNode, more: object): Promise<string> {
    const wanted = { host: node.address, hostKey: await hostKey(node), ...more }
    return ((await operator.post('deploys', wanted)) as DeployView).id
  }
  const ended = (id: string): Promise<DeployView> =>
    until(
      'the end of the deployment',
      async () => {
        const view = (await operator.get(`deploys/${id}`)) as DeployView
        return view.endedAt !== null && view
      },
      240_000,
    )
  const deployed = async (node: BootedNode, more: object): Promise<DeployView> =>
    ended(await begun(node, more))

  beforeAll(async () => {
    lab = await Lab.open(['trixie', 'bookworm'])
    packages = await makePackages(join(lab.folder, 'packages'))
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
    operator = new Operator(lab, `https://${server.address}:8008`)
    await operator.claim(/[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(said)?.[0] ?? '')
    untouched = await inventory(target)
    olderUntouched = await inventory(older)
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

  it('lists the members of the cluster where the server runs on one of its nodes', async () => {
    const nodelist = { pve1: 11, pve2: 12, pve3: 13, pve4: 14 }
    const members = {
      nodename: 'pve1',
      version: 4,
      cluster: { name: 'lab', version: 3, nodes: 4, quorate: 1 },
      nodelist: Object.fromEntries(
        Object.entries(nodelist).map(([name, last]) => [
          name,
          { id: last, online: last === 14 ? 0 : 1, ip: `10.77.0.${last}` },
        ]),
      ),
    }
    // As pmxcfs shows it: for root and www-data alone.
    await server.shell(
      `mkdir -p /etc/pve; printf '%s' '${JSON.stringify(members)}' >/etc/pve/.members; chown -R root:www-data /etc/pve; chmod 750 /etc/pve; chmod 440 /etc/pve/.members`,
    )
    const { cluster } = (await operator.get('deploys/offer')) as DeployOffer
    expect(cluster).toMatchObject({ name: 'lab', why: null })
    expect(cluster.members.map(({ name, isOnline, isHere, node }) => [name, isOnline, isHere, node])).toEqual(
      [
        ['pve1', true, true, null],
        ['pve2', true, false, 'pve2'],
        ['pve3', true, false, 'pve3'],
        ['pve4', false, false, null],
      ],
    )
  })

  it('upgrades one node, and then the rest when it is well', async () => {
    await ship('0.1.0+1')
    const how = { kind: 'upgrade', signIn: { kind: 'key', key } }
    const first = await begun(target, { ...how, node: 'pve2' })
    const rest = await begun(older, { ...how, node: 'pve3', after: first })
    expect(await ended(first)).toMatchObject({ state: 'done', problem: null })
    expect(await ended(rest)).toMatchObject({ state: 'done', problem: null })
    expect([await versionOf(target), await versionOf(older)]).toEqual(['0.1.0+1', '0.1.0+1'])
  })

  it('goes back to the version before, with what that knew, when the new one does not report', async () => {
    // As of a later release: what the agent knows is in a form that the version before does not read.
    await ship(
      '0.1.0+2',
      "printf '\\\\000\\\\000\\\\000\\\\143' | dd of=/var/lib/warder-agent/state.db bs=1 seek=60 conv=notrunc 2>/dev/null",
    )
    await target.shell("printf '[sshd]\\nmaxretry = 4\\n' >>/etc/warder/jail.local")
    const settings = await target.shell('cat /etc/warder/*.toml /etc/warder/jail.local')
    const view = await deployed(target, { kind: 'upgrade', node: 'pve2', signIn: { kind: 'key', key } })
    expect(view).toMatchObject({ state: 'failed', problem: { code: 'unhealthy' } })
    expect(view.rollback).toBe('version 0.1.0+1 is back and runs')
    expect(await versionOf(target)).toBe('0.1.0+1')
    expect((await target.must('systemctl', 'is-active', 'warder-agent')).trim()).toBe('active')
    expect(await target.shell('cat /etc/warder/*.toml /etc/warder/jail.local')).toBe(settings)
    expect(await target.shell('ls /var/tmp')).not.toContain('warder-deploy')
  })

  it('removes a node from its host without a trace, and from the fleet', async () => {
    const view = await deployed(older, {
      kind: 'remove',
      node: 'pve3',
      user: 'able',
      signIn: { kind: 'password', password: PASSWORD },
    })
    expect(view).toMatchObject({ state: 'done', problem: null })
    expect(await namesOfNodes()).toEqual(['pve2'])
    const left = difference(olderUntouched, await inventory(older))
    expect(left.filter((line) => !/ \/(home|var\/lib\/sudo)\//.test(line))).toEqual([])
  })

  it('writes down nowhere what signed in', async () => {
    const found = await server.run('grep', '-rlaF', PASSWORD, '/var/lib/warder-server', '/var/log')
    expect(found.stdout).toBe('')
    const secret = key.split('\n')[2] ?? 'none'
    expect((await server.run('grep', '-rlaF', secret, '/var/lib/warder-server', '/var/log')).stdout).toBe('')
  })
})
