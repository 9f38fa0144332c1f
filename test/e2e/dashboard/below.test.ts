// The dashboard below a path, as a proxy shows it.
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATOR, startLab, type Lab } from '../../../apps/server/src/lab/server.ts'
import { ManualClock } from '../../../packages/daemon/src/index.ts'
import { labTrouble } from '../../lab/available.ts'
import { CHROMIUM, CHROMIUM_FLAGS } from '../../lab/browser.ts'

const trouble = labTrouble([CHROMIUM])
const DIST = fileURLToPath(new URL('../../../apps/web/dist/', import.meta.url))

describe.skipIf(trouble)(`the dashboard below a path${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: Lab
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    lab = await startLab({
      clock: new ManualClock(Date.now()),
      config: { base_path: '/tools/warder', web_root: DIST, trusted_proxies: ['127.0.0.1'] },
    })
    await lab.server.createOperator(OPERATOR.name, OPERATOR.password)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] })
    page = await browser.newPage({ locale: 'en' })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('requestfailed', (request) => {
      // What was under way when a page is left is no loss.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(request.url())
    })
    page.on('response', (answer) => {
      if (answer.status() === 404) complaints.push(`${answer.status()} ${answer.url()}`)
    })
  })
  afterAll(async () => {
    await browser?.close()
    await lab?.[Symbol.asyncDispose]()
  })

  it('signs in, and is live', async () => {
    await page.goto(`${lab.url}/`)
    await page.getByLabel('Name').fill(OPERATOR.name)
    await page.getByLabel('Password', { exact: true }).fill(OPERATOR.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.getByText('Live', { exact: true }).first().waitFor()
  })

  it('leads every link below the path, and stays there', async () => {
    for (const place of [
      'Bans',
      'Insights',
      'Lists',
      'Jails',
      'Filters',
      'Nodes',
      'Settings',
      'Audit',
      'Overview',
    ]) {
      await page.getByRole('link', { name: place, exact: true }).first().click()
      await page.getByRole('heading', { level: 1, name: place }).waitFor()
      expect(new URL(page.url()).pathname).toMatch(/^\/tools\/warder\//)
      const links = await page.evaluate(() =>
        [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? ''),
      )
      expect(links.filter((href) => !/^(\/tools\/warder\/|#|https?:)/.test(href))).toEqual([])
    }
  })

  it('opens any page by its address, also after a reload', async () => {
    await page.goto(`${lab.url}/ip/203.0.113.9`)
    await page.getByRole('heading', { level: 1, name: '203.0.113.9' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: '203.0.113.9' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  })

  it('asks for nothing that is not there', () => expect(complaints).toEqual([]))
})
