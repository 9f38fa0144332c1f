import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { axeFindings } from '../../lab/axe.ts'
import { CHROMIUM, namelessControls, overflowOf } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'

const trouble = labTrouble([CHROMIUM])

/** The page of one node: how one gets there, and what can be done there. */
describe.skipIf(trouble)(`the page of a node${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/', heading: 'Overview' })
    page = await lab.open(1440, 900)
    await page.emulateMedia({ reducedMotion: 'reduce' })
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  const there = async (name: string): Promise<void> => {
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await page.getByRole('region', { name: 'Sources', exact: true }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/nodes/${name}`)
  }
  const from = async (path: string): Promise<void> => {
    await page.goto(`${lab.demo.url}${path}`)
    await page.getByRole('button', { name: 'Connection: Live' }).waitFor()
  }

  it.each<[string, () => Promise<void>]>([
    [
      'the tile of the overview',
      async () => {
        await from('/')
        await page.getByRole('link', { name: 'pve1', exact: true }).first().click()
      },
    ],
    [
      'the name on its card',
      async () => {
        await from('/nodes')
        await page
          .getByRole('article', { name: 'pve1', exact: true })
          .getByRole('link', { name: 'pve1' })
          .click()
      },
    ],
    [
      'the keyboard alone',
      async () => {
        await from('/bans')
        await page.keyboard.press('/')
        await page.keyboard.type('pve1')
        await page.getByRole('dialog').getByRole('option', { name: /^pve1/ }).first().waitFor()
        await page.keyboard.press('Enter')
      },
    ],
  ])('is reached by %s, and Nodes stays the place in the rail', async (_, go) => {
    await go()
    await there('pve1')
    const current = page.getByRole('navigation', { name: 'Main' }).locator('[aria-current=page]')
    expect(await current.textContent()).toContain('Nodes')
  })

  it('still shows the card that an old link names', async () => {
    await from('/nodes?node=pve2')
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('node-pve2')
  })

  it('tells of jails, sources and the firewall, and leads on', async () => {
    await from('/nodes/pve1')
    await there('pve1')
    const sshd = page
      .getByRole('table', { name: 'Jails of pve1' })
      .getByRole('row')
      .filter({ hasText: 'sshd' })
    await sshd.first().getByText('running').waitFor()
    expect(await sshd.first().textContent()).toContain("from pve1's own files")
    const journal = page
      .getByRole('table', { name: 'Sources of pve1' })
      .getByRole('row')
      .filter({ hasText: 'journal' })
    await journal.getByText('reading').waitFor()
    const firewall = page.getByRole('region', { name: 'Firewall', exact: true })
    await firewall.getByText('Bans wanted').waitFor()
    await sshd.first().getByRole('link', { name: 'sshd', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Jails', exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe('?jail=sshd')
  })

  it('puts settings right, examines the jails and reads the log in place, for everybody, on a phone too', async () => {
    await from('/nodes/pve2#doctor')
    await there('pve2')
    const care = page.getByRole('region', { name: 'Settings that help or hinder', exact: true })
    const level = care.getByRole('region', { name: 'Level of what the journal stores' })
    await level.getByRole('button', { name: 'Fix' }).click()
    await level.getByText('put right').waitFor()
    await level.getByRole('button', { name: 'Undo' }).click()
    await level.getByText('in the way').waitFor()
    const doctor = page.getByRole('region', { name: 'Doctor', exact: true })
    await doctor.getByRole('button', { name: 'Examine' }).click()
    await doctor.getByText('Known troubles').waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Read the log' }).click()
    await page
      .getByRole('list', { name: 'Log of the agent' })
      .getByText('connected to the server')
      .first()
      .waitFor()
    for (const [width, colorScheme] of [
      [1440, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      // Colours take their new values a moment after the theme has changed.
      await expect.poll(() => axeFindings(page), { timeout: 15_000 }).toEqual([])
      expect(await namelessControls(page)).toEqual([])
      expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('says of a node that nobody knows how to get back', async () => {
    await from('/nodes/nobody')
    await page.getByText('There is no node called nobody').waitFor()
    await page.getByRole('main').getByRole('link', { name: 'All nodes' }).click()
    await page.getByRole('heading', { level: 1, name: 'Nodes', exact: true }).waitFor()
  })
})
