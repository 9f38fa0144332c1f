import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { axeFindings } from '../../lab/axe.ts'
import { CHROMIUM, namelessControls, overflowOf } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'
import { SCREENS, THEMES, WIDTHS, type Screen } from '../../lab/screens.ts'

const trouble = labTrouble([CHROMIUM])
const BANS: Screen = { name: 'bans', path: '/bans', heading: 'Bans', key: 'b' }
const WHOLE = process.env['WARDER_WHOLE'] === '1'
const PICTURES = fileURLToPath(new URL('../screenshots/', import.meta.url))
/** Where axe looks: colours and order differ between the narrowest and the usual, not between those and the others. */
const LOOKED_AT: readonly number[] = WHOLE ? [360, 1440] : [1440]
const SHOWN: readonly number[] = WHOLE ? WIDTHS : [360, 1440]

/** Every screen of the dashboard, of a made-up cluster, in a real browser. */
describe.skipIf(trouble)(`every screen${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/', heading: 'Overview' })
    page = await lab.open(1440, 900)
    // Less motion: what moves is neither measured nor pictured half-way.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await mkdir(PICTURES, { recursive: true })
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  async function open({ path, heading }: Screen): Promise<void> {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${lab.demo.url}${path}`)
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
    await page.getByRole('status', { name: 'Loading', exact: true }).first().waitFor({ state: 'detached' })
  }

  it.each(SCREENS)('$name opens by its URL, fits, and can be used by everybody', async (screen) => {
    lab.complaints.length = 0
    const wrong: string[] = []
    await open(screen)
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme })
      for (const width of SHOWN) {
        const at = `${screen.name} ${theme} ${width}`
        await page.setViewportSize({ width, height: width < 500 ? 780 : 1000 })
        // A chart takes its new width a moment after its surroundings have theirs.
        await expect
          .poll(() => overflowOf(page), { timeout: 5_000 })
          .toBeLessThanOrEqual(0)
          .catch((err: unknown) => wrong.push(`${at}: wider than the screen (${String(err)})`))
        if (LOOKED_AT.includes(width))
          wrong.push(...(await axeFindings(page)).map((finding) => `${at}: ${finding}`))
        await page.screenshot({ path: `${PICTURES}${screen.name}-${theme}-${width}.png` })
      }
    }
    wrong.push(...(await namelessControls(page)), ...lab.complaints)
    expect(wrong).toEqual([])
  })

  it.each(SCREENS.filter(({ key }) => key !== null))('$name opens by its keys', async ({ key, heading }) => {
    await page.setViewportSize({ width: 1440, height: 900 })
    const there = page.getByRole('heading', { level: 1, name: heading, exact: true })
    // The second key belongs to the first for a moment only, which may be over on a slow machine: then once more.
    await expect
      .poll(
        async () => {
          await page.keyboard.press('g')
          await page.keyboard.press(key ?? '')
          return there.waitFor({ timeout: 3_000 }).then(
            () => true,
            () => false,
          )
        },
        { timeout: 30_000 },
      )
      .toBe(true)
  })

  it.each([
    ['contrast', 'more'],
    ['density', 'compact'],
  ])('looks right with %s %s', async (name, choice) => {
    await open(BANS)
    await page.evaluate(
      ([key, value]) => (document.documentElement.dataset[key ?? ''] = value),
      [name, choice],
    )
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    expect(await axeFindings(page)).toEqual([])
    await page.screenshot({ path: `${PICTURES}bans-${name}.png` })
  })
})
