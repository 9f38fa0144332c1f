import { ManualClock } from '../../../packages/daemon/src/index.ts'
import { mkdir, writeFile } from 'node:fs/promises'
import { setInterval as every } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { banned, failure, LabNode } from '../../../apps/server/src/lab/agent.ts'
import { OPERATOR, startLab, type Lab } from '../../../apps/server/src/lab/server.ts'
import { labTrouble } from '../../lab/available.ts'
import { CHROMIUM, CHROMIUM_FLAGS } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'
import { longestWork, type LongestWork } from '../../lab/work.ts'

const skipped = process.env['WARDER_WHOLE'] === '1' ? labTrouble([CHROMIUM]) : 'npm run test:e2e measures it'
const WEB_ROOT = fileURLToPath(new URL('../../../apps/web/dist', import.meta.url))
const PICTURES = fileURLToPath(new URL('../screenshots/', import.meta.url))
const BANS = 100_000
const CHUNK = 10_000
const FRAME_MS = 50
const READY_MS = 1_000
const LOAD = { perSecond: 500, seconds: 10, inOne: 50 } as const

/** What else the machine does only adds to a time, so the least of a few tries counts. */
const TRIES = 4

/**
 * Times in the browser, written down (`screenshots/times.json`) beside what they should be. Work of the page is measured in
 * time of the processor, which is much the same however busy the machine is; time of the clock is told and fails nothing.
 */
describe.skipIf(skipped)(`times in the browser${skipped ? ` (${skipped})` : ''}`, () => {
  const times: Record<string, { measured: number; budget: number }> = {}
  let lab: Lab
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    lab = await startLab({ clock: new ManualClock(Date.now()), config: { web_root: WEB_ROOT } })
    const node = new LabNode('pve1')
    const now = lab.clock.now()
    for (let done = 0; done < BANS; done += CHUNK) {
      const bans = Array.from({ length: CHUNK }, (_, index) =>
        banned(addressOf(done + index), now - (done + index)),
      )
      lab.server.ingestHistory({
        node: 'pve1',
        cluster: 'lab',
        enrolledAt: now,
        events: node.record(now, ...bans),
      })
    }
    await lab.cookie()
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] })
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(lab.url)
    await page.getByLabel('Name').fill(OPERATOR.name)
    await page.getByLabel('Password', { exact: true }).fill(OPERATOR.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await lab?.[Symbol.asyncDispose]()
    await mkdir(PICTURES, { recursive: true })
    await writeFile(`${PICTURES}times.json`, `${JSON.stringify(times, null, 2)}\n`)
    process.stdout.write(`times in the browser: ${JSON.stringify(times)}\n`)
  })

  const note = (name: string, measured: number, budget: number): void => {
    times[name] = { measured: Math.round(measured * 10) / 10, budget }
  }

  it('is ready to be used with very many bans', async () => {
    const began = performance.now()
    await page.goto(lab.url)
    await page.getByRole('link', { name: 'Active bans' }).waitFor()
    note('ready with 100,000 bans, ms', performance.now() - began, 1_000)
  })

  it('is ready to be used within a second on the demonstration', async () => {
    await using demo = await DashboardLab.start({ path: '/', heading: 'Overview' })
    const shown = await demo.open(1440, 900)
    const tries: number[] = []
    while (tries.length < TRIES && Math.min(...tries) >= READY_MS) {
      await shown.goto('about:blank')
      const began = performance.now()
      await shown.goto(demo.demo.url, { waitUntil: 'commit' })
      await shown.getByRole('link', { name: 'Active bans' }).waitFor()
      tries.push(performance.now() - began)
    }
    note('ready on the demonstration, ms', Math.min(...tries), READY_MS)
    expect(Math.min(...tries)).toBeLessThan(READY_MS)
  })

  it('opens the search', async () => {
    const took = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const began = performance.now()
          new MutationObserver((_, seen) => {
            if (document.querySelector('[role=combobox]') === null) return
            seen.disconnect()
            requestAnimationFrame(() => resolve(performance.now() - began))
          }).observe(document.body, { childList: true, subtree: true })
          dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))
        }),
    )
    note('opens the search, ms', took, 50)
    await page.keyboard.press('Escape')
  })

  const openBans = async (): Promise<void> => {
    await page.goto(`${lab.url}/bans`)
    await page.getByRole('button', { name: `Why ${addressOf(0)}`, exact: true }).waitFor()
  }

  /** Opens the table of bans and does something with it; no frame of it may take longer than is felt. */
  const smoothly = async (name: string, doing: () => Promise<void>): Promise<void> => {
    const work: LongestWork[] = []
    while (work.length < TRIES && !work.some(({ processor }) => processor < FRAME_MS)) {
      await openBans()
      work.push(await longestWork(page, doing))
    }
    const least = (of: keyof LongestWork): number => Math.min(...work.map((each) => each[of]))
    note(`longest frame while ${name}, ms of the processor`, least('processor'), FRAME_MS)
    note(`longest frame while ${name}, ms of the clock`, least('clock'), FRAME_MS)
    expect(least('processor')).toBeLessThan(FRAME_MS)
  }

  it('scrolls quickly through bans', async () => {
    await smoothly('scrolling', async () => {
      for (let step = 0; step < 100; step++) {
        await page.mouse.wheel(0, 1_200)
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
      }
    })
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(10_000)
  }, 300_000)

  it('searches very many bans', async () => {
    await smoothly('searching', async () => {
      await page.getByLabel('Search bans').pressSequentially('10.1.1.7')
      await page.getByRole('button', { name: 'Why 10.1.1.7', exact: true }).waitFor()
    })
  })

  it('goes on to the very last of them', async () => {
    const isEnd = (): Promise<boolean> =>
      page.evaluate(
        () =>
          new Promise((resolve) =>
            requestAnimationFrame(() =>
              resolve(document.querySelector('[role=table]')?.getAttribute('aria-rowcount') !== '-1'),
            ),
          ),
      )
    const goOn = async (): Promise<void> => {
      while (!(await isEnd())) await page.mouse.wheel(0, 20_000)
    }
    // A hundred thousand bans in the page's memory are collected in pauses of their own, so this is told and fails nothing.
    await openBans()
    const { processor, clock } = await longestWork(page, goOn)
    note('longest frame while going on to the last of 100,000, ms of the processor', processor, FRAME_MS)
    note('longest frame while going on to the last of 100,000, ms of the clock', clock, FRAME_MS)
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(BANS + 1))
    await page.mouse.wheel(0, 20_000)
    await page.getByRole('button', { name: `Why ${addressOf(BANS - 1)}`, exact: true }).waitFor()
  }, 900_000)

  it('follows very many events', async () => {
    await page.goto(lab.url)
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor()
    // An agent of its own: the other one's past was told, it does not follow on it.
    const live = new LabNode('pve2')
    const { link } = await live.join(lab)
    const devtools = await page.context().newCDPSession(page)
    // Time of the processor, not of the clock: what else the machine does is not counted.
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
    const busy = async (): Promise<number> =>
      (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')
        ?.value ?? 0
    const [before, began] = [await busy(), performance.now()]
    const pause = (1_000 * LOAD.inOne) / LOAD.perSecond
    let sent = 0
    // The pace is the load that is measured.
    for await (const _ of every(pause)) {
      const now = lab.clock.now()
      const events = Array.from({ length: LOAD.inOne }, (__, index) => failure(addressOf(sent + index), now))
      link.send({ kind: 'events', events: live.record(now, ...events) })
      sent += LOAD.inOne
      if (sent >= LOAD.perSecond * LOAD.seconds) break
    }
    const seconds = (performance.now() - began) / 1_000
    const share = ((await busy()) - before) * (100 / seconds)
    note('of one core at 500 events a second, %', share, 30)
    expect(share).toBeLessThan(30)
    await page.getByText('failed logins from').first().waitFor()
  })
})

const addressOf = (index: number): string =>
  `10.${1 + Math.floor(index / 65_536)}.${Math.floor(index / 256) % 256}.${index % 256}`
