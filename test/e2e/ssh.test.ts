import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeLogger, systemClock } from '../../packages/daemon/src/index.ts'
import { makeServer, serverConfig, type Server } from '@warder/server'
import type { DeployView } from '@warder/protocol/api'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, SshHost, sshHostTrouble } from '../lab/ssh-host.ts'
import { agentPackage } from '../lab/agent-package.ts'
import { labTrouble } from '../lab/available.ts'
import { axeFindings } from '../lab/axe.ts'
import { CHROMIUM, CHROMIUM_FLAGS, namelessControls, overflowOf } from '../lab/browser.ts'

const trouble = labTrouble([CHROMIUM]) ?? sshHostTrouble()
const WEB_ROOT = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))
const OPERATOR = { name: 'ada', password: 'correct horse battery' }

/** From an empty server to a protected host in the dashboard, over a real sshd, with a real agent at the end. */
describe.skipIf(trouble)(`nodes over SSH, in the dashboard${trouble ? ` (${trouble})` : ''}`, () => {
  let folder = ''
  let host: SshHost
  let second: SshHost
  let server: Server
  let browser: Browser
  let page: Page
  let url = ''
  const complaints: string[] = []
  /** Cuts the page's live connection, which it makes anew. */
  let lose = async (): Promise<void> => {}

  const openForm = async (): Promise<void> => {
    await page.goto(`${url}/nodes`)
    await page.getByRole('button', { name: 'Add node' }).click()
    await page.getByText('Over SSH', { exact: true }).click()
    await page.getByLabel('Hosts').fill(`127.0.0.1:${host.port}`)
  }
  const dialog = () => page.getByRole('dialog')
  /** Confirms the keys of hosts as they are, and begins. */
  const toProgress = async (button: RegExp, hosts: readonly SshHost[] = [host]): Promise<void> => {
    await page.getByRole('button', { name: 'Ask for the keys of the hosts' }).click()
    for (const { hostKey } of hosts) {
      const row = dialog().locator('li', { hasText: hostKey })
      await row.getByLabel('This is the key of the host').check()
    }
    await page.getByRole('button', { name: button }).click()
  }
  const ended = (state: string, name = ''): Promise<void> =>
    dialog().locator(`[data-state=${state}]`, { hasText: name }).first().waitFor({ timeout: 100_000 })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warder-ssh-'))
    ;[host, second] = await Promise.all([SshHost.start(), SshHost.start()])
    await mkdir(join(folder, 'pve'))
    await writeFile(
      join(folder, 'pve', '.members'),
      JSON.stringify({
        nodename: 'pve1',
        version: 3,
        cluster: { name: 'lab', version: 2, nodes: 3, quorate: 1 },
        nodelist: {
          pve1: { id: 1, online: 1, ip: '192.0.2.11' },
          pve2: { id: 2, online: 1, ip: '192.0.2.12' },
          pve3: { id: 3, online: 0, ip: '192.0.2.13' },
        },
      }),
    )
    server = makeServer({
      config: serverConfig.parse({
        host: '127.0.0.1',
        port: 0,
        data_dir: join(folder, 'data'),
        auth_log: join(folder, 'auth.log'),
        web_root: WEB_ROOT,
        pve_dir: join(folder, 'pve'),
        agent_packages: await agentPackage(folder, { version: '0.1.0', name: 'lab1' }),
      }),
      clock: systemClock,
      passwordCost: { ln: 10, r: 8, p: 1 },
      log: makeLogger({ name: 'lab', level: 'silent', form: 'json' }),
    })
    url = (await server.start()).url
    await server.createOperator(OPERATOR.name, OPERATOR.password)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] })
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.routeWebSocket(/\/live/, (socket) => {
      socket.connectToServer()
      lose = () => socket.close({ code: 1012 })
    })
    await page.goto(`${url}/nodes`)
    await page.getByLabel('Name').fill(OPERATOR.name)
    await page.getByLabel('Password', { exact: true }).fill(OPERATOR.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Nodes' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
    await second?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  it('shows a command with a code that ends, and the fingerprint of the server', async () => {
    await page.getByRole('button', { name: 'Add node' }).click()
    await expect
      .poll(() => page.getByLabel('Command', { exact: true }).textContent())
      .toMatch(/^warder enrol http:\S+ warder-join\./)
    expect(await dialog().textContent()).toMatch(/works once, for the next 1[45]m/)
    expect(await dialog().locator('.fingerprint').textContent()).toMatch(/^[0-9a-f]{32}$/)
    await page.getByRole('button', { name: 'Close' }).last().click()
  })

  it('lists the members of the cluster, and takes those that are online', async () => {
    await openForm()
    await page.getByLabel('Hosts').fill('')
    await dialog().getByLabel('All 2 that are not protected yet').check()
    expect(await page.getByLabel('Hosts').inputValue()).toBe('192.0.2.11\n192.0.2.12')
    expect(await dialog().locator('li', { hasText: 'pve3' }).textContent()).toContain('offline')
    await dialog().getByLabel('pve2').uncheck()
    expect(await page.getByLabel('Hosts').inputValue()).toBe('192.0.2.11')
    await dialog().getByText('By ssh-agent').click()
    expect(await dialog().textContent()).toMatch(/SSH_AUTH_SOCK|keys of the ssh-agent/)
  })

  it('says what is wrong with a password, and what to do', async () => {
    await openForm()
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await toProgress(/^Add 1 node/)
    await ended('failed')
    expect(await dialog().getByRole('alert').textContent()).toMatch(
      /refused the password.*Check user and password/,
    )
    await dialog().getByRole('button', { name: 'Try again' }).click()
    expect(await page.getByLabel('Hosts').inputValue()).toBe(`127.0.0.1:${host.port}`)
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
  })

  it('protects hosts, two at once: keys are confirmed, what happens is seen, and the nodes appear', async () => {
    await page.getByLabel('Hosts').fill(`127.0.0.1:${host.port}\n127.0.0.1:${second.port}`)
    await page.getByLabel('User').fill('able')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    const began = performance.now()
    await toProgress(/^Add 2 nodes/, [host, second])
    const closed = dialog().locator(':is([data-state=running], [data-state=done])', {
      hasText: String(host.port),
    })
    await closed.getByText('Steps', { exact: true }).click()
    for (const { port } of [host, second]) await ended('done', String(port))
    // What somebody closed stays so while it goes on.
    expect(await closed.getByRole('list').count()).toBe(0)
    expect(await dialog().getByRole('article').getByRole('list').count()).toBe(1)
    process.stdout.write(`two nodes added in ${Math.round(performance.now() - began)} ms\n`)
    expect(await dialog().locator('pre').first().textContent()).not.toBe('')
    expect(await dialog().locator('article').allTextContents()).toEqual([
      expect.stringContaining('protected'),
      expect.stringContaining('protected'),
    ])
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('heading', { name: 'lab1', exact: true }).waitFor()
    await page.getByRole('heading', { name: 'lab1-2' }).waitFor()
  })

  it('upgrades one, which goes back by itself when it does not report, and leaves the rest alone', async () => {
    await agentPackage(folder, { version: '0.3.0', name: 'lab1', isBroken: true })
    // As after a restart of the server, which may have become another one.
    await lose()
    await page.getByText('2 agents are older than version 0.3.0').waitFor()
    await page.getByRole('button', { name: 'Upgrade over SSH' }).click()
    const known = (await (await page.request.get(`${url}/api/v1/deploys`)).json()) as readonly DeployView[]
    for (const name of ['lab1', 'lab1-2'])
      await dialog()
        .getByLabel(`Host of ${name}`, { exact: true })
        .fill(known.find(({ node }) => node === name)?.host ?? '')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await toProgress(/^Upgrade 2 nodes/, [host, second])
    await ended('failed')
    await ended('cancelled')
    expect(await axeFindings(page)).toEqual([])
    const [first, rest] = await dialog().locator('article').allTextContents()
    expect(first).toContain('version 0.1.0 is back and runs')
    expect(rest).toContain('The node before this one failed, so nothing was done here.')
    await page.getByRole('button', { name: 'Done' }).click()
    await expect.poll(() => page.getByText('online', { exact: true }).count()).toBe(2)
    for (const each of [host, second])
      expect(await each.shell('cat /usr/lib/warder-agent/version')).toBe('0.1.0')
  }, 240_000)

  it('fits a phone, names its controls, and works in the dark', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await openForm()
    expect(await namelessControls(page)).toEqual([])
    expect(await axeFindings(page)).toEqual([])
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'Ask for the keys of the hosts' }).isDisabled()
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText(host.hostKey).waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  it('removes it from its host and from the list', async () => {
    await page.goto(`${url}/nodes`)
    await page.getByRole('button', { name: 'More for lab1', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Remove node' }).click()
    await page.getByRole('button', { name: 'Remove over SSH' }).click()
    const known = (await (await page.request.get(`${url}/api/v1/deploys`)).json()) as readonly DeployView[]
    const at = known.find(({ node }) => node === 'lab1')?.host ?? ''
    const removed = at.endsWith(`:${host.port}`) ? host : second
    await dialog().getByLabel('Host', { exact: true }).fill(at)
    await page.getByLabel('User').fill('able')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await toProgress(/^Remove 1 node/, [removed])
    await ended('done')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('heading', { name: 'lab1', exact: true }).waitFor({ state: 'hidden' })
    expect(await page.getByRole('heading', { name: 'lab1-2' }).count()).toBe(1)
    expect(
      await removed.shell('dpkg -l warder-agent 2>/dev/null | grep ^ii || true; ls /etc/warder 2>&1 || true'),
    ).toMatch(/No such file/)
    expect(complaints).toEqual([])
  })
})
