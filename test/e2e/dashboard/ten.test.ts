import { PATHS } from '@warder/protocol/paths'
import type { BanPage, JailView, SilenceView } from '@warder/protocol/api'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { CHROMIUM } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'

const trouble = labTrouble([CHROMIUM])

/** What people do most, each with the clicks that it takes. */
describe.skipIf(trouble)(`the usual, in at most two clicks${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page
  let clicks = 0

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/bans', heading: 'Bans' })
    page = await lab.open(1440, 900)
    await page.emulateMedia({ reducedMotion: 'reduce' })
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    clicks = 0
  })

  const click = async (what: Locator): Promise<void> => {
    clicks++
    await what.click()
  }
  const go = async (path: string): Promise<void> => {
    await page.goto(`${lab.demo.url}${path}`)
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor()
  }
  /** Asks the API from inside the page, as the one who is signed in there. */
  const ask = <T>(path: string): Promise<T> =>
    page.evaluate(async (url) => (await fetch(url)).json(), path) as Promise<T>
  const isBanned = async (ip: string): Promise<boolean> =>
    (await ask<BanPage>(`${PATHS.bans}?active=true&ip=${encodeURIComponent(ip)}`)).rows.some(
      (ban) => ban.ip === ip,
    )
  const eventually = (what: () => Promise<unknown>, value: unknown): Promise<void> =>
    expect.poll(what, { timeout: 30_000 }).toEqual(value)
  /** An address that is banned now, for long enough. */
  const banned = async (): Promise<string> => {
    const { rows } = await ask<BanPage>(`${PATHS.bans}?active=true&limit=200`)
    const ip = rows.find((ban) => !ban.ip.includes('/') && (ban.until ?? 0) > Date.now() + 600_000)?.ip
    if (ip === undefined) throw new Error('the demonstration has no ban to try it on')
    return ip
  }

  it('1. unbans an address everywhere, and takes it back', async () => {
    const ip = await banned()
    await go(`/bans?search=${ip}`)
    await click(page.getByRole('button', { name: `Unban ${ip}`, exact: true }))
    await eventually(() => isBanned(ip), false)
    expect(clicks).toBe(1)
    await page.getByRole('button', { name: 'Undo' }).click()
    await eventually(() => isBanned(ip), true)
  })

  it('2. unbans and allows for 24 h', async () => {
    const ip = await banned()
    await go(`/bans?search=${ip}`)
    await click(page.getByRole('button', { name: `Why ${ip}` }))
    await click(page.getByRole('button', { name: 'Allow for 24 h' }))
    await eventually(() => isBanned(ip), false)
    expect(clicks).toBe(2)
    await page.getByRole('button', { name: 'Undo' }).click()
  })

  it('3. bans a pasted address on all nodes, without a click', async () => {
    await go('/')
    await page.keyboard.press('Control+k')
    await page.keyboard.insertText('ban 198.51.100.77')
    await page.getByRole('option', { name: 'Ban 198.51.100.77 for 1h' }).waitFor()
    await page.keyboard.press('Enter')
    await eventually(() => isBanned('198.51.100.77'), true)
    expect(clicks).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    await page.keyboard.press('z')
    await eventually(() => isBanned('198.51.100.77'), false)
  })

  it('4. says why an address is banned, in words that can be copied', async () => {
    const ip = await banned()
    await go('/bans')
    await page.goto(`${lab.demo.url}/bans?search=${ip}`)
    await click(page.getByRole('link', { name: ip, exact: true }))
    await page.getByRole('heading', { level: 1, name: ip }).waitFor()
    await page
      .getByText(/lead to a ban\.|banned by/i)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Copy in words' }).first().waitFor()
    expect(clicks).toBe(1)
  })

  const maxretry = async (): Promise<number | undefined> =>
    (await ask<readonly JailView[]>(PATHS.jails)).find((jail) => jail.jail === 'proxmox')?.effective.maxretry

  it('5. changes the retries of a jail, and 9. rolls it back', async () => {
    await go('/jails')
    const before = await maxretry()
    await click(page.getByRole('button', { name: 'maxretry of proxmox on all nodes' }))
    await page.getByLabel('maxretry', { exact: true }).fill('9')
    await click(page.getByRole('button', { name: 'Save' }))
    await eventually(maxretry, 9)
    expect(clicks).toBe(2)
    await click(page.getByRole('button', { name: 'Undo' }))
    await eventually(maxretry, before)
    expect(clicks).toBe(3)
  })

  it('6. turns a jail off on all nodes, and on again', async () => {
    const isOn = async (): Promise<boolean> =>
      (await ask<readonly JailView[]>(PATHS.jails))
        .filter((jail) => jail.jail === 'proxmox')
        .every((jail) => jail.effective.enabled)
    await go('/jails')
    await click(page.getByRole('switch', { name: 'proxmox on all nodes' }))
    await eventually(isOn, false)
    expect(clicks).toBe(1)
    await page.getByRole('button', { name: 'Undo' }).click()
    await eventually(isOn, true)
  })

  it('7. shows that the own address is protected', async () => {
    await go('/')
    await page.getByTitle('No node bans it').waitFor()
    expect(clicks).toBe(0)
  })

  it('8. copies the command that adds a node', async () => {
    await go('/nodes')
    await click(page.getByRole('button', { name: 'Add node' }))
    await page.getByLabel('Command').waitFor()
    await click(page.getByRole('dialog').getByRole('button', { name: 'Copy' }).first())
    await page.getByText('Copied').first().waitFor()
    expect(clicks).toBe(2)
  })

  it('10. silences notifications for an hour, and ends it', async () => {
    const isSilent = async (): Promise<boolean> => (await ask<SilenceView>(PATHS.silence)).silence !== null
    await go('/')
    await click(page.getByRole('button', { name: 'Silence notifications' }))
    await click(page.getByRole('menuitem', { name: 'Silence for 1 hour' }))
    await eventually(isSilent, true)
    expect(clicks).toBe(2)
    await page
      .getByRole('region', { name: 'Warnings' })
      .getByText(/as operator wanted/)
      .waitFor()
    await click(page.getByRole('button', { name: 'End now' }))
    await eventually(isSilent, false)
    expect(clicks).toBe(3)
  })

  it('compares two ranges, and shows countries on a map that the arrow keys walk over', async () => {
    await go('/insights')
    await page.getByLabel('Compare', { exact: true }).selectOption({ label: 'Compare with the day before' })
    await page.getByText('Compared with').waitFor()
    await page.getByLabel('Compare', { exact: true }).selectOption({ label: 'Compare with another range' })
    await page.getByLabel('from', { exact: true }).fill('2026-01-02T03:04')
    await page.getByLabel('from', { exact: true }).press('Tab')
    await expect.poll(() => page.url()).toContain(`with=${new Date('2026-01-02T03:04').getTime()}-`)
    const map = page.getByRole('group', { name: /Failures by country/ })
    const lit = map.getByRole('button')
    await expect.poll(() => lit.count()).toBeGreaterThan(3)
    await map.locator('[tabindex="0"]').focus()
    const before = await page.evaluate(() => document.activeElement?.getAttribute('data-code'))
    for (const key of ['ArrowLeft', 'ArrowRight']) await page.keyboard.press(key)
    const after = await page.evaluate(() => document.activeElement?.getAttribute('data-code'))
    expect([before, after].every((code) => /^[A-Z]{2}$/.test(code ?? ''))).toBe(true)
    await expect(page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).resolves.toMatch(
      /: \d+ failures?, \d+ bans?$/,
    )
  })

  it('jumps to a node and to a jail by their names, and opens the search out of a field', async () => {
    await go('/bans')
    await page.getByLabel('Search bans').focus()
    await page.keyboard.press('Control+k')
    await page.keyboard.insertText('pve2')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'pve2' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.insertText('proxmox')
    await page.getByRole('option', { name: 'proxmox' }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Jails' }).waitFor()
    expect(await page.getByLabel('Search jails').inputValue()).toBe('proxmox')
  })

  it('gives the browser nothing to complain about', () => expect(lab.complaints).toEqual([]))
})
