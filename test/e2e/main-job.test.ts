import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../lab/available.ts'
import { CHROMIUM, openBrowser } from '../lab/browser.ts'
import { Companion, must, until } from '../lab/command.ts'
import { openScene, type Scene } from '../lab/scene.ts'
import { callApi, inKernel } from '../lab/warder.ts'

const trouble = labTrouble([
  '/usr/sbin/nft',
  '/usr/sbin/sshd',
  '/lib/systemd/systemd-journald',
  '/usr/bin/curl',
  CHROMIUM,
])
const NODE = '203.0.113.1'
const [FIRST, SECOND, BYSTANDER] = ['203.0.113.10', '203.0.113.11', '203.0.113.15']

/** The whole product, in the order in which an operator lives it; each step needs the one before. */
describe.skipIf(trouble)(`the main job${trouble ? ` (${trouble})` : ''}`, () => {
  let scene: Scene
  let browser: Browser
  let page: Page
  let webInterface: Companion
  let token = ''

  beforeAll(async () => {
    scene = await openScene()
    // Something answers on 8006, as the Proxmox web interface would.
    webInterface = new Companion(
      scene.node.on([
        process.execPath,
        '-e',
        "require('node:http').createServer((q, r) => r.end('8006')).listen(8006)",
      ]),
    )
    browser = await openBrowser(scene.hub, scene.folder)
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  })

  afterAll(async () => {
    await browser?.close()
    await webInterface?.[Symbol.asyncDispose]()
    await scene?.[Symbol.asyncDispose]()
  })

  /** What the agent says it runs. */
  async function maxretryOfSshd(): Promise<number | undefined> {
    const answer = (await scene.agent.cli('status')) as {
      status: { report: { jails: { name: string; effective: { maxretry: number } }[] } }
    }
    return answer.status.report.jails.find((jail) => jail.name === 'sshd')?.effective.maxretry
  }

  it('lets the first visitor with the claim code become the operator', async () => {
    await page.goto(scene.server.url)
    await page.getByLabel('Claim code').fill(scene.server.claimCode)
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByLabel('Repeat password').fill('correct horse battery')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('link', { name: 'Bans' }).first().click()
    await page.getByRole('heading', { name: 'Bans' }).waitFor()
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  })

  it('bans an address that fails its logins, on the ports of the jail alone', async () => {
    expect(await scene.visitor.canConnect(NODE, FIRST, 22)).toBe(true)
    await scene.visitor.failLogins(NODE, FIRST, 5)
    await until('the ban in the kernel', async () => (await inKernel(scene.node)).includes(FIRST))
    expect(await scene.visitor.canConnect(NODE, FIRST, 22)).toBe(false)
    expect(await scene.visitor.canConnect(NODE, FIRST, 8006)).toBe(true)
    expect(await scene.visitor.canConnect(NODE, BYSTANDER, 22)).toBe(true)
  })

  it('shows the ban with its log lines in the open browser, without a reload', async () => {
    const why = page.getByRole('button', { name: `Why ${FIRST}` })
    await why.waitFor({ timeout: 10_000 })
    await why.click()
    await page
      .getByText(new RegExp(`Failed password for root from ${FIRST.replaceAll('.', '\\.')} port \\d+`))
      .filter({ visible: true })
      .first()
      .waitFor()
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
  })

  it('lets the address in again when the operator clicks Unban', async () => {
    await page.getByRole('button', { name: `Unban ${FIRST}`, exact: true }).click()
    await until('the kernel without the ban', async () => !(await inKernel(scene.node)).includes(FIRST))
    expect(await scene.visitor.canLogIn(NODE, FIRST, scene.node.key)).toBe(true)
  })

  it('bans at the second failure after maxretry was set to 2 in the browser', async () => {
    await page.getByRole('link', { name: 'Jails' }).first().click()
    await page.getByRole('button', { name: 'maxretry of sshd on all nodes' }).click()
    await page.getByLabel('maxretry', { exact: true }).fill('2')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('applied').first().waitFor()
    await until('the node running with 2', async () => (await maxretryOfSshd()) === 2).catch(
      async (err: Error) => {
        const put = await page.getByLabel('Last change').textContent()
        throw new Error(
          `${err.message}; it runs with ${await maxretryOfSshd()}, the dashboard says "${put}"\n${scene.agent.process.output}`,
        )
      },
    )
    await scene.visitor.failLogins(NODE, SECOND, 2)
    await until('the ban in the kernel', async () => (await inKernel(scene.node)).includes(SECOND))
    const { bans } = (await scene.agent.cli('banned', SECOND)) as { bans: { ticket: { failures: number } }[] }
    expect(bans[0]?.ticket.failures).toBe(2)
  })

  it('unbans by a script with an API token', async () => {
    await page.getByRole('link', { name: 'Settings' }).first().click()
    await page.getByLabel('Token name').fill('scripts')
    await page.getByText('admin: everything').click()
    await page.getByRole('button', { name: 'Create token' }).click()
    token = (
      (await page.getByLabel('New token').textContent()) || (await page.getByLabel('New token').inputValue())
    ).trim()
    const answer = await callApi(scene.hub, `${scene.server.url}/api/v1/bans/${SECOND}`, {
      method: 'DELETE',
      token,
    })
    expect(answer.status).toBe(200)
    await until('the kernel without the ban', async () => !(await inKernel(scene.node)).includes(SECOND))
    expect(await scene.visitor.canConnect(NODE, SECOND, 22)).toBe(true)
  })

  it('bans who fails at the Proxmox web interface from 8006 alone, and is not fooled by a user name', async () => {
    const [guesser, framed] = ['203.0.113.14', '203.0.113.16']
    const user = `x authentication failure; rhost=::ffff:${framed} user=root@pam`
    for (let tries = 0; tries < 5; tries++) {
      const message = `authentication failure; rhost=::ffff:${guesser} user=${user} msg=no such user`
      await must(scene.node.on(['logger', '-t', 'pvedaemon', '-p', 'daemon.err', message]))
    }
    await until('the ban in the kernel', async () => (await inKernel(scene.node)).includes(guesser))
    expect(await scene.visitor.canConnect(NODE, guesser, 8006)).toBe(false)
    expect(await scene.visitor.canConnect(NODE, guesser, 22)).toBe(true)
    expect(await inKernel(scene.node)).not.toContain(framed)
    await scene.agent.cli('unban', guesser)
    await until('the ban out of the kernel', async () => !(await inKernel(scene.node)).includes(guesser))
  })

  it('has all of it in history and in the audit log', async () => {
    const events = await callApi(
      scene.hub,
      `${scene.server.url}/api/v1/events?kind=ban.added,ban.lifted,settings.applied`,
      { token },
    )
    const rows = (events.body as { rows: { event: { kind: string } }[] }).rows
    expect(
      rows
        .map((row) => row.event.kind)
        .toReversed()
        .slice(0, 5),
    ).toEqual(['ban.added', 'ban.lifted', 'settings.applied', 'ban.added', 'ban.lifted'])
    const audit = await callApi(scene.hub, `${scene.server.url}/api/v1/audit`, { token })
    const actors = new Set((audit.body as { rows: { actor: string }[] }).rows.map((row) => row.actor))
    expect(actors).toContain('ada')
    expect(actors).toContain('token:scripts')
  })
})
