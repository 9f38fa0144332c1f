import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { CHROMIUM, overflowOf } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'
import { SCREENS } from '../../lab/screens.ts'
import { CATALOGUE_CODES, readEntries, type CatalogueCode } from '../../../tools/messages/compare.ts'

const trouble = labTrouble([CHROMIUM])
const PICTURES = fileURLToPath(new URL('../screenshots/', import.meta.url))
const CATALOGUES = new Map(CATALOGUE_CODES.map((code) => [code, readEntries(code)]))
/** The gallery is for those who build the dashboard: it stays English, and shows what loads for ever. */
const TRANSLATED = SCREENS.filter(({ name }) => name !== 'gallery')

/** A text of the dashboard in another language. */
function textOf(code: CatalogueCode, key: string): string {
  const entry = CATALOGUES.get(code)?.[key]
  if (typeof entry !== 'string') throw new Error(`${code}.json has no text for “${key}”`)
  return entry
}
const german = (key: string): string => textOf('de', key)

describe.skipIf(trouble)(`another language${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true })
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
    await page.getByRole('columnheader', { name: german('Time left') }).waitFor()
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
    for (const { name, path } of TRANSLATED) {
      await page.goto(`${lab.demo.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      // What stands at the end of a long list and loads when it comes near has a name of its own.
      const loading = page.getByRole('status', { name: textOf(code, 'Loading'), exact: true })
      await expect.poll(() => loading.count(), { timeout: 30_000 }).toBe(0)
      await expect
        .poll(() => overflowOf(page), { timeout: 5_000 })
        .toBeLessThanOrEqual(0)
        .catch((err: unknown) => wide.push(`${name}: ${String(err)}`))
      await page.screenshot({ path: `${PICTURES}${name}-${code}-360.png` })
    }
    expect(wide).toEqual([])
  })
})
