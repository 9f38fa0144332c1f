import { ManualClock } from '../../../packages/daemon/src/index.ts'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { banned, failure, LabNode } from '../../../apps/server/src/lab/agent.ts'
import { OPERATOR, startLab, type Lab } from '../../../apps/server/src/lab/server.ts'
import { labTrouble } from '../../lab/available.ts'
import { CHROMIUM, CHROMIUM_FLAGS } from '../../lab/browser.ts'

const skipped = process.env['WARDER_WHOLE'] === '1' ? labTrouble([CHROMIUM]) : 'npm run test:e2e measures it'
const WEB_ROOT = fileURLToPath(new URL('../../../apps/web/dist', import.meta.url))
const HOURS = 8
/** One event a second, each tenth a ban: a cluster that is under attack all day. */
const PER_HOUR = 3_600
const IN_ONE = 200
/** What may be kept that was not there after the first hour, in bytes and nodes of the document. */
const MOST_GROWTH = 3_000_000
const MOST_NODES = 1_500

/** A page that is left open for a working day. */
describe.skipIf(skipped)(`eight hours of events${skipped ? ` (${skipped})` : ''}`, () => {
  let lab: Lab
  let browser: Browser
  let page: Page
  let devtools: CDPSession

  beforeAll(async () => {
    lab = await startLab({ clock: new ManualClock(Date.now()), config: { web_root: WEB_ROOT } })
    await lab.cookie()
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] })
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(lab.url)
    await page.getByLabel('Name').fill(OPERATOR.name)
    await page.getByLabel('Password', { exact: true }).fill(OPERATOR.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor()
    devtools = await page.context().newCDPSession(page)
    await devtools.send('HeapProfiler.enable')
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await lab?.[Symbol.asyncDispose]()
  })

  const goTo = async (name: string): Promise<void> => {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).first().click()
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }
  /** What is still held once all that can go is gone. */
  const held = async (): Promise<{ bytes: number; nodes: number }> => {
    for (let turn = 0; turn < 3; turn++) await devtools.send('HeapProfiler.collectGarbage')
    const { usedSize } = await devtools.send('Runtime.getHeapUsage')
    const { nodes } = await devtools.send('Memory.getDOMCounters')
    return { bytes: usedSize, nodes }
  }

  it('leave nothing behind in the page', { timeout: 600_000 }, async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    let sent = 0
    const after: { bytes: number; nodes: number }[] = []
    for (let hour = 0; hour < HOURS; hour++) {
      for (let done = 0; done < PER_HOUR; done += IN_ONE) {
        const now = lab.clock.now()
        const events = Array.from({ length: IN_ONE }, (_, index) => {
          const ip = addressOf(sent + index)
          return index % 10 === 9 ? banned(ip, now) : failure(ip, now)
        })
        link.send({ kind: 'events', events: node.record(now, ...events) })
        sent += IN_ONE
        // The next ones when the page shows the last of these, which is a ban: what is measured is what it keeps, not how fast it is.
        const last = addressOf(sent - 1)
        await page.getByText(last).first().waitFor({ timeout: 60_000 })
      }
      // Somebody looks at the other screens now and then.
      for (const name of ['Bans', 'Insights', 'Jails', 'Nodes', 'Overview']) await goTo(name)
      after.push(await held())
    }
    const [first, last] = [after[0], after.at(-1)]
    process.stdout.write(`held after each hour: ${JSON.stringify(after)}\n`)
    expect((last?.bytes ?? 0) - (first?.bytes ?? 0)).toBeLessThan(MOST_GROWTH)
    expect((last?.nodes ?? 0) - (first?.nodes ?? 0)).toBeLessThan(MOST_NODES)
  })
})

const addressOf = (index: number): string =>
  `10.${1 + Math.floor(index / 65_536)}.${Math.floor(index / 256) % 256}.${index % 256}`
