import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { CHROMIUM } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'
import { SCREENS } from '../../lab/screens.ts'
import { CATALOGUE_CODES, readEntries, type Entry } from '../../../tools/messages/compare.ts'

const trouble = labTrouble([CHROMIUM])
const GERMAN = readEntries('de')

/** A text of the dashboard in German. */
function german(key: string, entry: Entry | undefined = GERMAN[key]): string {
  if (typeof entry !== 'string') throw new Error(`de.json has no text for “${key}”`)
  return entry
}

describe.skipIf(trouble)(`another language${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/', heading: 'Overview' })
    page = await lab.visit(1440, 900)
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  it('is chosen before anybody has signed in, each called in itself', async () => {
    const choice = page.getByLabel('Language')
    expect(await choice.locator('option').allTextContents()).toEqual(
      expect.arrayContaining(['English', 'Deutsch', 'Français', 'Español', 'Italiano', 'Português']),
    )
    await choice.selectOption('de')
    await page.getByRole('heading', { name: german('Sign in') }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
  })

  it('is spoken on every screen from then on', async () => {
    await page.getByLabel(german('Name'), { exact: true }).fill(lab.demo.operator)
    await page.getByLabel(german('Password'), { exact: true }).fill(lab.demo.password)
    await page.getByRole('button', { name: german('Sign in') }).click()
    await page.getByRole('heading', { level: 1, name: german('Overview') }).waitFor()
    await page
      .getByRole('link', { name: german('Bans'), exact: true })
      .first()
      .click()
    await page.getByRole('columnheader', { name: german('Last log line') }).waitFor()
    expect(await page.title()).toContain(german('Bans'))
  })

  it('is still spoken after a reload', async () => {
    await page.reload()
    await page.getByRole('heading', { level: 1, name: german('Bans') }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
  })

  it('changes what is shown at once', async () => {
    await page.goto(`${lab.demo.url}/settings?part=appearance`)
    await page.getByLabel(german('Language'), { exact: true }).selectOption('en')
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await page.getByRole('link', { name: 'Jails', exact: true }).first().waitFor()
    await page.getByLabel('Language', { exact: true }).selectOption('de')
    await page.getByRole('heading', { level: 1, name: german('Settings') }).waitFor()
  })

  // Other words are longer than English ones.
  it.each(CATALOGUE_CODES)('%s fits a phone', async (code) => {
    await page.setViewportSize({ width: 360, height: 780 })
    await page.evaluate((language) => localStorage.setItem('warder.language', language), code)
    const wide: string[] = []
    for (const { name, path } of SCREENS) {
      await page.goto(`${lab.demo.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForFunction(() => document.querySelector('[role=status].skeleton') === null)
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      if (over > 0) wide.push(`${name}: ${over} px`)
    }
    expect(wide).toEqual([])
  })
})
