import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { axeFindings } from '../../lab/axe.ts'
import { CHROMIUM } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'

const trouble = labTrouble([CHROMIUM])

/** What every menu, popover and dialog of the dashboard does, tried on those of the gallery. */
describe.skipIf(trouble)(`what floats${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page
  const menuButton = (): Locator => page.getByRole('button', { name: 'A menu', exact: true })
  const item = (name: string): Locator => page.getByRole('menuitem', { name, exact: true })
  const last = (name: string): Promise<void> => page.getByText(`the last of a menu: ${name}`).waitFor()
  const hasFocus = (of: Locator): Promise<boolean> => of.evaluate((one) => one === document.activeElement)
  const focusOn = (of: Locator): Promise<void> => expect.poll(() => hasFocus(of)).toBe(true)

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/gallery', heading: 'Gallery' })
    page = await lab.open(1440, 900)
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    lab.complaints.length = 0
    await page.goto(`${lab.demo.url}/gallery`)
    await menuButton().waitFor()
    await menuButton().scrollIntoViewIfNeeded()
  })

  describe('a menu', () => {
    it('is gone through with arrows, ends and letters, and does what is picked', async () => {
      await menuButton().press('Enter')
      await focusOn(item('Something'))
      await page.keyboard.press('ArrowDown')
      await focusOn(item('A dialog …'))
      await page.keyboard.press('End')
      await focusOn(item('Something red'))
      await page.keyboard.press('ArrowDown')
      await focusOn(item('Something'))
      await page.keyboard.press('a')
      await focusOn(item('A dialog …'))
      await page.keyboard.press('End')
      await page.keyboard.press('Enter')
      await last('Something red')
      await focusOn(menuButton())
      expect(lab.complaints).toEqual([])
    })

    it('closes on Escape and gives the focus back', async () => {
      await menuButton().click()
      await item('Something').waitFor()
      await page.keyboard.press('Escape')
      await item('Something').waitFor({ state: 'detached' })
      await focusOn(menuButton())
    })

    it('closes on a press elsewhere, which counts as well', async () => {
      await menuButton().click()
      await item('Something').waitFor()
      await page.getByRole('button', { name: 'A dialog', exact: true }).click()
      await page.getByRole('dialog', { name: 'A dialog' }).waitFor()
      await item('Something').waitFor({ state: 'detached' })
    })

    it('opens a dialog that gives the focus back to the button', async () => {
      await menuButton().click()
      await item('A dialog …').click()
      await page.getByRole('dialog', { name: 'A dialog' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await focusOn(menuButton())
    })

    it('keeps to the screen of a phone', async () => {
      await page.setViewportSize({ width: 360, height: 780 })
      await menuButton().click()
      const box = await page.getByRole('menu').boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360)
      await page.setViewportSize({ width: 1440, height: 900 })
    })
  })

  describe('a popover', () => {
    const button = (): Locator => page.getByRole('button', { name: 'A popover' })
    const popover = (): Locator => page.getByRole('dialog', { name: 'Beside its button' })

    it('opens beside its button with the number ready to be typed over', async () => {
      await button().click()
      const [below, above] = [await popover().boundingBox(), await button().boundingBox()]
      expect(below?.y).toBeGreaterThan(above?.y ?? Infinity)
      await page.keyboard.type('12')
      expect(await popover().getByRole('textbox').inputValue()).toBe('12')
      await page.keyboard.press('Escape')
      await popover().waitFor({ state: 'detached' })
      await focusOn(button())
    })

    it('closes on its own button, and on a press elsewhere without taking the focus from there', async () => {
      await button().click()
      await popover().waitFor()
      await button().click()
      await popover().waitFor({ state: 'detached' })
      await button().click()
      await popover().waitFor()
      const elsewhere = page.getByRole('textbox', { name: 'With a problem' })
      await elsewhere.click()
      await popover().waitFor({ state: 'detached' })
      await focusOn(elsewhere)
    })
  })

  describe('a dialog', () => {
    const button = (): Locator => page.getByRole('button', { name: 'A dialog', exact: true })
    const dialog = (): Locator => page.getByRole('dialog', { name: 'A dialog' })

    it('keeps the focus inside, whichever way one goes', async () => {
      await button().click()
      await focusOn(dialog())
      for (const key of [
        'Tab',
        'Tab',
        'Tab',
        'Tab',
        'Tab',
        'Shift+Tab',
        'Shift+Tab',
        'Shift+Tab',
        'Shift+Tab',
      ]) {
        await page.keyboard.press(key)
        expect(await dialog().evaluate((one) => one.contains(document.activeElement))).toBe(true)
      }
      await dialog().getByRole('button', { name: 'Do it' }).click()
      await dialog().waitFor({ state: 'detached' })
      await focusOn(button())
    })

    it('stays when a press begins inside and ends outside, and closes on one that begins outside', async () => {
      await button().click()
      const box = await dialog().boundingBox()
      if (box === null) throw new Error('the dialog is not shown')
      await page.mouse.move(box.x + 30, box.y + 100)
      await page.mouse.down()
      await page.mouse.move(5, 5)
      await page.mouse.up()
      expect(await dialog().isVisible()).toBe(true)
      await page.mouse.click(5, 5)
      await dialog().waitFor({ state: 'detached' })
    })

    it('is read as one, with nothing wrong in it', async () => {
      await button().click()
      await dialog().waitFor()
      expect(await axeFindings(page)).toEqual([])
      await page.keyboard.press('Escape')
      await dialog().waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'A menu with a head' }).click()
      await item('Something').waitFor()
      expect(await axeFindings(page)).toEqual([])
      expect(lab.complaints).toEqual([])
    })

    it('holds the keys of the page back while it is open', async () => {
      await button().click()
      await focusOn(dialog())
      await page.keyboard.press('?')
      await page.keyboard.press('Control+k')
      expect(await page.getByRole('dialog').count()).toBe(1)
    })
  })

  it('gives the focus back where it was when the search opened another dialog', async () => {
    const button = page.getByRole('button', { name: 'A popover' })
    await button.focus()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^Search/ }).fill('keys')
    await page.getByRole('option', { name: /Keys/ }).first().click()
    const help = page.getByRole('dialog', { name: /Keys/ })
    await help.waitFor()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
    await focusOn(button)
  })
})
