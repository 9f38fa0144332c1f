import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { axeFindings } from '../../lab/axe.ts'
import { CHROMIUM, namelessControls, overflowOf } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'

const trouble = labTrouble([CHROMIUM])
/** Where screenshots go, for who wants to look at them. */
const SHOTS = process.env['WARDER_SHOTS']

/** What hinders protection, and whether jails are alive, as an operator sees to it. */
describe.skipIf(trouble)(`care for a node${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/nodes', heading: 'Nodes' })
    page = await lab.open(1440, 900)
    await page.emulateMedia({ reducedMotion: 'reduce' })
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await page.goto(`${lab.demo.url}/nodes`)
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor()
  })

  /** Opens one of the dialogs of the second node, whose journal drops logins. */
  const open = async (item: RegExp): Promise<Locator> => {
    await page
      .getByRole('button', { name: /^More for / })
      .nth(1)
      .click()
    await page.getByRole('menuitem', { name: item }).click()
    return page.getByRole('dialog')
  }
  const look = async (name: string): Promise<void> => {
    for (const [width, scheme] of [
      [1440, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}-${width}-${scheme}.png` })
      expect({ name, width, axe: await axeFindings(page) }).toEqual({ name, width, axe: [] })
      expect(await namelessControls(page)).toEqual([])
      // Behind a dialog the page keeps the room of its scroll bar.
      expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }

  it('shows what is in the way, puts it right and takes it back', async () => {
    const dialog = await open(/^Settings/)
    const level = dialog.getByRole('region', { name: 'Level of what the journal stores' })
    await level.getByText('in the way').waitFor()
    await look('hardening')
    await level.getByRole('button', { name: 'Fix' }).click()
    await level.getByText('put right').waitFor()
    await look('hardening-fixed')
    await level.getByRole('button', { name: 'Undo' }).click()
    await level.getByText('in the way').waitFor()
  })

  it('examines all jails, and says where a line got lost', async () => {
    const dialog = await open(/^Doctor/)
    await dialog.getByRole('button', { name: 'Examine' }).click()
    await dialog.getByText('Known troubles').waitFor({ timeout: 30_000 })
    expect(
      await dialog.getByText('It came back through the source that the jail reads.').count(),
    ).toBeGreaterThan(0)
    await look('doctor')
  })

  it('shows the health of all nodes on one page, examines them together, and puts right what several share', async () => {
    await page.goto(`${lab.demo.url}/health`)
    const level = page.getByRole('article', { name: 'Level of what the journal stores' })
    await level.waitFor()
    await page.getByRole('button', { name: 'Examine all 2 nodes' }).click()
    const nodes = page.getByRole('region', { name: 'Nodes' })
    await expect.poll(() => nodes.getByText(/^examined/).count(), { timeout: 30_000 }).toBe(2)
    await page
      .getByRole('article', { name: /broken/ })
      .first()
      .waitFor()
    await look('health')
    const tries = page.getByRole('article', { name: 'Tries in one ssh connection' })
    await tries.getByRole('button', { name: 'Fix on 2 nodes' }).click()
    await tries.waitFor({ state: 'detached' })
    await level.waitFor()
  })
})
