import { PATHS } from '@warder/protocol/paths'
import type { EventPage } from '@warder/protocol/api'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { CHROMIUM } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'

const trouble = labTrouble([CHROMIUM])

describe.skipIf(trouble)(`a search through all events${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/', heading: 'Overview' })
    page = await lab.open(1440, 900)
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  const type = (words: string) => page.getByRole('searchbox', { name: 'Search all events' }).fill(words)
  /** What was found, without the button that goes on. */
  const found = () =>
    page
      .getByRole('list', { name: 'Events found' })
      .getByRole('listitem')
      .filter({ hasNotText: 'Show older' })
  /** A failure that is in history, with its line. */
  const failure = async (): Promise<{ ip: string; line: string }> => {
    const { rows } = await page.evaluate(
      async (url) => (await fetch(url)).json() as Promise<EventPage>,
      `${PATHS.events}?kind=failure.found&limit=1`,
    )
    const [row] = rows
    if (row?.event.kind !== 'failure.found') throw new Error('the demonstration has no failure')
    return { ip: row.event.ip, line: row.event.line }
  }

  it('finds the lines with a word and an address in them', async () => {
    const { ip, line } = await failure()
    await type(`${line.split(' ')[0]} ${ip}`)
    await found().first().waitFor()
    for (const text of await found().allTextContents()) expect(text).toContain(ip)
  })

  it('finds what begins so, and goes on to older ones', async () => {
    const { ip } = await failure()
    await type(`${ip.slice(0, ip.lastIndexOf('.') + 1)}*`)
    await found().first().waitFor()
    const before = await found().count()
    const older = page.getByRole('button', { name: 'Show older' })
    // A page of it is full only where there is more.
    if (!(await older.isVisible())) return
    await older.click()
    await expect.poll(() => found().count()).toBeGreaterThan(before)
  })

  it('says what to do where nothing is found, and shows what is live again when it is empty', async () => {
    await type('no-such-word-anywhere')
    await page.getByText('No event has these words.').waitFor()
    await type('')
    await page.getByRole('list', { name: 'Last events' }).waitFor()
    expect(lab.complaints).toEqual([])
  })
})
