import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../lab/available.ts'
import { CHROMIUM, openBrowser } from '../lab/browser.ts'
import { Companion, run, until } from '../lab/command.ts'
import { Network, type Machine } from '../lab/namespace.ts'
import { inKernel } from '../lab/warder.ts'

const trouble = labTrouble(['/usr/sbin/nft', '/usr/bin/curl', CHROMIUM])
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** With WARDER_PICTURES=1 the pictures of docs/first-walk.md are taken anew. */
const PICTURES =
  process.env['WARDER_PICTURES'] === '1'
    ? join(ROOT, 'docs', 'pictures')
    : fileURLToPath(new URL('screenshots/', import.meta.url))
const GUESSER = '203.0.113.20'

/** docs/first-walk.md, step by step: from `npm start` to a first unban, in a real browser, with a real ban in the kernel. */
describe.skipIf(trouble)(`the first walk${trouble ? ` (${trouble})` : ''}`, () => {
  let network: Network
  let machine: Machine
  let visitor: Machine
  let browser: Browser
  let page: Page
  let folder = ''
  let first: Companion

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true })
    folder = await mkdtemp(join(tmpdir(), 'warder-walk-'))
    network = await Network.open()
    machine = await network.addMachine('own', [1])
    visitor = await network.addMachine('guest', [20])
    const start = ['npm', 'start', '--silent', '--prefix', ROOT, '--', '--state', join(folder, 'state')]
    // setsid: a group of its own, so that Ctrl-C can be sent as a terminal does, to all of it at once.
    first = new Companion(machine.on(['setsid', ...start]), { FORCE_COLOR: '0' })
    await first.prints('Stop:', 100_000)
    browser = await openBrowser(machine, folder)
    page = await browser.newPage({ viewport: { width: 1080, height: 640 }, reducedMotion: 'reduce' })
    await page.goto('http://127.0.0.1:8008')
  })
  afterAll(async () => {
    await browser?.close()
    await run(['kill', '-INT', '--', `-${first.pid}`])
    await first.ended
    await network?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const picture = (name: string): Promise<unknown> =>
    page.screenshot({ path: join(PICTURES, `walk-${name}.png`) })

  it('1. claims the server with the code of the terminal', async () => {
    const code = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(first.output)?.[0] ?? ''
    await page.getByLabel('Claim code').fill(code)
    await page.getByLabel('Name', { exact: true }).fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByLabel('Repeat password').fill('correct horse battery')
    await picture('claim')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  })

  it('2. sees the machine protected', async () => {
    await page.getByText('online').first().waitFor()
    // The guesser of this walk is a neighbour, and neighbours are not banned unless one says so.
    await page.evaluate(() =>
      fetch('/api/v1/settings', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"filterLocalNetworks":true}',
      }),
    )
    await until('the node to filter its local networks', () =>
      page.evaluate(async () => {
        const rows = await (await fetch('/api/v1/nodes')).json()
        return rows[0]?.never?.localNetworks.filtered === true ? true : null
      }),
    )
    await page.goto('http://127.0.0.1:8008/')
    await page.getByText('1/1').waitFor()
    await picture('overview')
  })

  it('3. sees the first ban: somebody guesses passwords', async () => {
    const login = '{"name":"ada","password":"wrong password"}'
    for (let tries = 0; tries < 5; tries++)
      await run(
        visitor.on([
          'curl',
          '-sk',
          '--max-time',
          '3',
          '-H',
          'content-type: application/json',
          '-d',
          login,
          'https://203.0.113.1:8008/api/v1/session',
        ]),
      )
    await until('the ban in the kernel', async () => (await inKernel(machine)).includes(GUESSER))
    await page.getByRole('link', { name: 'Bans', exact: true }).first().click()
    await page.getByRole('link', { name: GUESSER, exact: true }).waitFor()
    // The count follows a moment later, and so does what the firewall itself says.
    await page.getByText('Active 1').waitFor()
    await page.getByText('0 of 1').waitFor({ state: 'detached' })
    await picture('bans')
  })

  it('4. reads why', async () => {
    await page.getByRole('link', { name: GUESSER, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: GUESSER }).waitFor()
    await page.getByRole('button', { name: 'Copy in words' }).first().waitFor()
    await page.getByText('enforced on 1 of 1 node').first().waitFor()
    await picture('why')
  })

  it('5. unbans it, which the kernel does too', async () => {
    await page.goBack()
    await page.getByRole('button', { name: `Unban ${GUESSER}`, exact: true }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    await page.getByText('Active 0').waitFor()
    await picture('unban')
    await until('the kernel without it', async () => !(await inKernel(machine)).includes(GUESSER))
    expect(
      (await run(visitor.on(['curl', '-sk', '--max-time', '3', 'https://203.0.113.1:8008/healthz']))).code,
    ).toBe(0)
  })
})
