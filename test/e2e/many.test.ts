import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../lab/available.ts'
import { CHROMIUM } from '../lab/browser.ts'
import { DashboardLab } from '../lab/dashboard.ts'

const trouble =
  process.env['WARDER_WHOLE'] === '1' ? labTrouble([CHROMIUM]) : 'npm run test:e2e does it, it takes a minute'
const MANY = 10_000
const PATIENCE = { timeout: 60_000 }
const list = Array.from({ length: MANY }, (_, at) => `198.18.${at >> 8}.${at & 255}`)

/** Ten thousand addresses from the clipboard to every node, and back. */
describe.skipIf(trouble)(`many at once in a browser${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/bans', heading: 'Bans' })
    page = await lab.open(1440, 900)
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  it('are read, sent, followed and taken back', async () => {
    await page.getByRole('button', { name: 'Many at once' }).click()
    const dialog = page.getByRole('dialog')
    const field = dialog.getByLabel('Addresses and subnets, in any form')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.evaluate((text) => navigator.clipboard.writeText(text), list.join('\n'))
    await field.focus()
    await page.keyboard.press('Control+V')
    await dialog.getByText('10,000 addresses').first().waitFor()
    await dialog.getByRole('button', { name: 'Ban 10,000 addresses' }).click()
    await dialog.getByLabel('Nodes that are done').waitFor()
    await dialog.getByText('done on 2 of 2 nodes').waitFor(PATIENCE)
    // Twenty thousand events come to the page meanwhile: it still obeys.
    await dialog.getByRole('button', { name: 'Undo' }).click(PATIENCE)
    await dialog.getByText('10,000 unbanned').nth(1).waitFor(PATIENCE)
    await dialog.getByText('done on 2 of 2 nodes').waitFor(PATIENCE)
    expect(lab.complaints).toEqual([])
  }, 240_000)
})
