import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM } from '../lab/browser.ts'
import { labTrouble } from '../lab/available.ts'
import { until } from '../lab/command.ts'
import { makePackages, type Packages } from '../lab/packages.ts'
import { bootTrouble, Lab, released, type BootedNode } from './booted.ts'
import { Dashboard, type Secret } from './dashboard.ts'
import {
  asCluster,
  attack,
  deafen,
  difference,
  holds,
  inventory,
  leftOn,
  letIn,
  levelOf,
  LOWERED,
  SUITES,
  untouched,
  type Untouched,
  watched,
} from './scene.ts'

const trouble = bootTrouble() ?? labTrouble([CHROMIUM])
/** How long a node may take from the click to protected (ms). */
const PROTECTED_MS = 60_000
const PASSWORD = 'a password of the lab'
const LATER = '0.2.0'
const STEPS =
  'Connect, Look at the host, Send the package, Install, Enrol, Start, Wait until it reports'.split(', ')
/** Who guesses passwords: on one node, on one for all, on one whose journal was deaf, and before a reboot. */
const [ALONE, SHARED, HEARD, LASTING] = ['198.18.7.2', '198.18.7.4', '198.18.7.3', '198.18.7.5']

/** The whole life of a cluster by clicks, from an empty node to none of ours: each step needs the one before. */
describe.skipIf(trouble)(`a cluster from the dashboard${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: Lab
  let packages: Packages
  let nodes: readonly BootedNode[]
  let first: BootedNode
  let second: BootedNode
  let third: BootedNode
  let older: BootedNode
  let before: ReadonlyMap<BootedNode, Untouched>
  let dashboard: Dashboard
  let key: Secret
  const password: Secret = { kind: 'password', password: PASSWORD }

  const installs = (node: BootedNode, file: string): Promise<string> =>
    node.must('sh', '-c', `dpkg --force-confold -i ${file} 2>&1`)
  const heldBy = async (ip: string): Promise<string> =>
    (await Promise.all(nodes.map((node) => holds(node, ip)))).map(Number).join('')
  const onNodes = (): Promise<void> => dashboard.to('/nodes', 'Nodes')
  const onBans = (): Promise<void> => dashboard.to('/bans', 'Bans')

  beforeAll(async () => {
    lab = await Lab.open(['trixie', 'bookworm'])
    packages = await makePackages(join(lab.folder, 'packages'))
    nodes = await Promise.all(SUITES.map((suite, at) => lab.up(`pve${at + 1}`, 11 + at, suite)))
    ;[first, second, third, older] = nodes as [BootedNode, BootedNode, BootedNode, BootedNode]
    key = { kind: 'key', key: await letIn(nodes, lab.folder, PASSWORD) }
    await asCluster(nodes, 'lab')
    await deafen(third)
    before = new Map(await Promise.all(nodes.map(async (node) => [node, await untouched(node)] as const)))
  })
  afterEach(({ task }) => (task.result?.state === 'fail' ? dashboard?.glance('failed') : undefined))
  afterAll(async () => {
    await dashboard?.[Symbol.asyncDispose]()
    await lab?.[Symbol.asyncDispose]()
  })

  it('is claimed in the browser, at the address and with the code that the installation told', async () => {
    await first.put(packages.server, '/root/server.deb')
    const said = await installs(first, '/root/server.deb')
    const url = /https:\/\/\S+:8008/.exec(said)?.[0] ?? ''
    expect(url).toBe(`https://${first.address}:8008`)
    dashboard = await Dashboard.open(lab, url)
    const { page } = dashboard
    const answer = await page.goto(url)
    expect(await answer?.securityDetails()).toMatchObject({ protocol: 'TLS 1.3' })
    await page.getByLabel('Claim code').fill(/[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(said)?.[0] ?? '')
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByLabel('Repeat password').fill('correct horse battery')
    await dashboard.look('claim')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await dashboard.live()
    await dashboard.look('first')
  })

  it('protects all members of the cluster over SSH at once, each within a minute of the click', async () => {
    const { page, dialog } = dashboard
    await onNodes()
    await page.getByRole('button', { name: 'Add node' }).click()
    await dialog.getByText('Over SSH', { exact: true }).click()
    await dialog.getByLabel('All 4 that are not protected yet').check()
    expect(await dialog.getByLabel('pve1 (this machine)').isChecked()).toBe(true)
    expect(await dialog.getByLabel('Hosts').inputValue()).toBe(nodes.map(({ address }) => address).join('\n'))
    const begin = await dashboard.toHosts(nodes, key, 'ssh')
    const began = performance.now()
    await begin.click()
    const all = Promise.all(
      nodes.map(async (node) => {
        await dashboard.ended(node, 'protected')
        return performance.now() - began
      }),
    )
    const seen = dashboard.job(older)
    await seen.getByText('Steps', { exact: true }).click()
    await seen.getByRole('log').waitFor()
    await dashboard.glance('ssh-under-way')
    const took = await all
    process.stdout.write(
      `from the click to protected: ${nodes.map(({ name, suite }, at) => `${name} (${suite}) ${((took[at] ?? 0) / 1_000).toFixed(1)} s`).join(', ')}\n`,
    )
    expect(Math.max(...took)).toBeLessThan(PROTECTED_MS)
    expect(await seen.getByRole('listitem').allTextContents()).toEqual(
      STEPS.map((step) => expect.stringMatching(new RegExp(`^\\s*${step}\\s+done`))),
    )
    await dashboard.look('ssh-done')
    await page.getByRole('button', { name: 'Done' }).click()
    for (const node of nodes) {
      await dashboard.card(node).getByText('online', { exact: true }).waitFor()
      await dashboard.card(node).getByText('enforcing', { exact: true }).waitFor()
      expect((await node.must('systemctl', 'is-active', 'warder-agent')).trim()).toBe('active')
    }
    await page.getByText('4 of 4 nodes online, cluster lab').waitFor()
    await dashboard.look('nodes')
  })

  it('shows who guessed passwords at one node, banned there alone', async () => {
    const { page } = dashboard
    await onBans()
    await attack(lab, second, ALONE)
    const row = dashboard.row(ALONE)
    await row.getByText('1 of 1', { exact: true }).waitFor()
    await row.getByRole('button', { name: `Why ${ALONE}` }).click()
    await page.getByText('enforced on 1 of 1 node').waitFor()
    await page
      .getByText(new RegExp(`Failed password for root from ${ALONE}`))
      .filter({ visible: true })
      .first()
      .waitFor()
    expect(await row.textContent()).toContain(second.name)
    expect(await heldBy(ALONE)).toBe('0100')
    await dashboard.look('ban')
  })

  it('shares bans once that is chosen: the next one holds in the kernels of all four', async () => {
    const { page } = dashboard
    await dashboard.to('/jails', 'Jails')
    await page.getByRole('button', { name: /^policy of sshd on all nodes/ }).click()
    await page.getByLabel('Shared in the cluster').check()
    await page.getByRole('button', { name: 'Save' }).click()
    const change = page.getByRole('region', { name: 'Last change' })
    await expect.poll(() => change.getByText('applied', { exact: true }).count(), { timeout: 30_000 }).toBe(4)
    // What is banned already too.
    await until('the ban that stands in all kernels', async () => (await heldBy(ALONE)) === '1111')
    await dashboard.look('policy')
    await onBans()
    await attack(lab, older, SHARED)
    const began = performance.now()
    await until('the ban in all kernels', async () => (await heldBy(SHARED)) === '1111')
    process.stdout.write(
      `from one kernel to all: ${Math.round(performance.now() - began)} ms, the looking included\n`,
    )
    const row = dashboard.row(SHARED)
    await row.getByText('4 of 4', { exact: true }).waitFor()
    await row.getByRole('button', { name: `Why ${SHARED}` }).click()
    await page.getByText('enforced on 4 of 4 nodes').waitFor()
    await dashboard.look('ban-shared')
  })

  it('lifts it in all kernels by one click', async () => {
    await dashboard.page.getByRole('button', { name: `Unban ${SHARED}`, exact: true }).click()
    await until('all kernels without it', async () => (await heldBy(SHARED)) === '0000')
    await dashboard.row(SHARED).waitFor({ state: 'detached' })
    expect(await heldBy(ALONE)).toBe('1111')
  })

  it('finds a deaf journal, and the doctor says where lines get lost', async () => {
    const { dialog } = dashboard
    await onNodes()
    await dashboard.examine(third, 'One jail is broken.')
    await dashboard.look('doctor-broken')
    await dashboard.close()
    await dashboard.choose(third, /^Settings that help/)
    const finding = dialog.getByRole('region', { name: 'Level of what the journal stores' })
    await finding.getByText('in the way').waitFor()
    expect(await finding.textContent()).toContain(LOWERED)
    await dashboard.look('settings')
    await finding.getByRole('button', { name: 'Fix' }).click()
    await finding.getByText('put right').waitFor()
    expect(await levelOf(third)).toBe('MaxLevelStore=info')
    await dashboard.close()
    await dashboard.examine(third, 'No jail is broken.')
    await dashboard.look('doctor-alive')
    await dashboard.close()
    await attack(lab, third, HEARD)
  })

  it('takes a change back by a click, and makes it again', async () => {
    const { dialog } = dashboard
    await dashboard.choose(third, /^Settings that help/)
    const finding = dialog.getByRole('region', { name: 'Level of what the journal stores' })
    await finding.getByRole('button', { name: 'Undo' }).click()
    await finding.getByText('in the way').waitFor()
    expect(await levelOf(third)).toBe('MaxLevelStore=warning')
    expect(
      difference(before.get(third)?.files ?? [], await inventory(third)).filter((line) =>
        line.includes('journald'),
      ),
    ).toEqual([])
    await finding.getByRole('button', { name: 'Fix' }).click()
    await finding.getByText('put right').waitFor()
    const tries = dialog.getByRole('region', { name: 'Tries in one ssh connection' })
    await tries.getByRole('button', { name: 'Fix' }).click()
    await tries.getByText('put right').waitFor()
    expect(await third.must('/usr/sbin/sshd', '-T')).toContain('maxauthtries 3\n')
    await dashboard.look('settings-fixed')
    await dashboard.close()
  })

  it('comes through a reboot, and bans are back in the kernel', async () => {
    const { page } = dashboard
    await attack(lab, second, LASTING)
    await until('the ban in all kernels', async () => (await heldBy(LASTING)) === '1111')
    const back = second.reboot()
    const offline = dashboard.card(second).getByText('offline', { exact: true }).waitFor()
    // A network that goes down before the agent does says no farewell: such a node is back before it is missed.
    const seen = offline.then(
      () => dashboard.glance('node-offline'),
      () => undefined,
    )
    await Promise.race([seen, back])
    await back
    await until('the ban in the kernel', () => holds(second, LASTING))
    await dashboard.card(second).getByText('online', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Bans', exact: true }).first().click()
    await dashboard.row(LASTING).getByText('4 of 4', { exact: true }).waitFor()
  })

  it('upgrades all agents by clicks, one first, and the bans stay', async () => {
    const { page } = dashboard
    await onNodes()
    const later = await released(packages, LATER, lab.folder)
    await first.put(later.server, '/root/later.deb')
    await installs(first, '/root/later.deb')
    await dashboard.live()
    await page.getByText(`4 agents are older than version ${LATER} of this server.`).waitFor()
    await page.getByRole('button', { name: 'Upgrade over SSH' }).click()
    const begin = await dashboard.toHosts(nodes, password, 'upgrade')
    const { looks, gone } = await watched(second, LASTING, async () => {
      await begin.click()
      for (const node of nodes) await dashboard.ended(node, 'upgraded')
    })
    expect(gone).toBe(0)
    expect(looks).toBeGreaterThan(3)
    await dashboard.look('upgraded')
    await page.getByRole('button', { name: 'Done' }).click()
    for (const node of nodes) {
      await dashboard.card(node).getByText(LATER, { exact: true }).waitFor()
      expect(await node.must('dpkg-query', '-W', '-f=${Version}', 'warder-agent')).toBe(LATER)
    }
    await page.getByText(/older than version/).waitFor({ state: 'detached' })
    await page
      .getByText(/runs Warder/)
      .first()
      .waitFor({ state: 'detached' })
    expect(await heldBy(LASTING)).toBe('1111')
  })

  it('removes all agents by clicks, and leaves nothing: no file, unit, user, rule or changed setting', async () => {
    const { page, dialog } = dashboard
    for (const node of nodes) {
      await dashboard.choose(node, /^Remove node/)
      await dialog.getByRole('button', { name: 'Remove over SSH' }).click()
      const begin = await dashboard.toHosts([node], password, node === first ? 'remove' : undefined)
      await begin.click()
      await dashboard.ended(node, 'removed')
      await page.getByRole('button', { name: 'Done' }).click()
      await dashboard.card(node).waitFor({ state: 'detached' })
    }
    await page.getByText('No node yet').waitFor()
    await dashboard.look('empty')
    await first.must('dpkg', '--purge', 'warder-server')
    for (const node of nodes) {
      expect({ node: node.name, left: await leftOn(node, before.get(node)) }).toEqual({
        node: node.name,
        left: [],
      })
    }
    expect(await levelOf(third)).toBe('MaxLevelStore=warning')
    expect(await third.must('/usr/sbin/sshd', '-T')).toContain('maxauthtries 6\n')
    expect(dashboard.mistakes).toEqual([])
  })
})
