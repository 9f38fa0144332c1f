import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../lab/available.ts'
import { CHROMIUM, namelessControls, overflowOf } from '../lab/browser.ts'
import { DashboardLab } from '../lab/dashboard.ts'

const trouble = labTrouble([CHROMIUM])

/** Expressions are tried in a real browser, on what real agents of a made-up world give. */
describe.skipIf(trouble)(`the Filters page${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/filters', heading: 'Filters' })
    page = await lab.open(1440, 900)
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  const counted = (word: string) => page.getByRole('radio', { name: new RegExp(`^${word}`) }).locator('..')
  const lines = () => page.getByRole('region', { name: /^Lines and what/ })

  /** The second key belongs to the first for a moment only, which may be over on a slow machine: then once more. */
  async function goByKey(key: string, name: string): Promise<void> {
    const heading = page.getByRole('heading', { name })
    await expect
      .poll(
        async () => {
          await page.keyboard.press('g')
          await page.keyboard.press(key)
          return heading.waitFor({ timeout: 3_000 }).then(
            () => true,
            () => false,
          )
        },
        { timeout: 30_000 },
      )
      .toBe(true)
  }

  it('is one of the places, also by its keys', async () => {
    await goByKey('o', 'Overview')
    await goByKey('f', 'Filters')
    expect(await page.getByRole('link', { name: 'Filters' }).getAttribute('aria-current')).toBe('page')
  })

  it('tries a filter of a node on its last lines', async () => {
    await page.getByLabel('Filter', { exact: true }).selectOption('sshd')
    await page.getByLabel('Source').selectOption('journal, what sshd reads')
    await page.getByRole('button', { name: 'Take the last 200 lines' }).click()
    await lines().locator('li.matched').first().waitFor()
    const address = await lines().locator('mark.address').first().textContent()
    expect(address).toMatch(/^[0-9a-f.:]+$/)
    await counted('Matched').click()
    expect(await lines().locator('li:not(.matched)').count()).toBe(0)
    expect(await lines().locator('li').count()).toBeGreaterThan(3)
    await counted('All').click()
    expect(await page.evaluate(() => location.search)).toMatch(/jail=sshd/)
  })

  it('has it in the audit that lines were read', async () => {
    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByText('read lines of').first().waitFor()
    await page.getByRole('link', { name: 'Filters' }).click()
    await page.getByRole('heading', { name: 'Filters' }).waitFor()
    // What was picked and taken is still there.
    await lines().locator('li.matched').first().waitFor()
    expect(await page.getByLabel('failregex').inputValue()).toContain('<F-ID>')
    await expect
      .poll(() =>
        page
          .getByLabel('Filter', { exact: true })
          .evaluate((field) => (field as HTMLSelectElement).selectedOptions[0]?.label),
      )
      .toBe('sshd')
  })

  it('matches what is typed as it is typed, and takes log text for nothing but text', async () => {
    await page.getByLabel('Filter', { exact: true }).selectOption('One of my own')
    await page.getByRole('radio', { name: 'Pasted' }).locator('..').click()
    await page
      .getByLabel('Log lines')
      .fill(
        [
          'Nov 20 12:00:00 gate: login failed for <img src=x onerror=alert(1)> from 192.0.2.7',
          'Nov 20 12:00:01 gate: login failed for x from 192.0.2.9 from 198.51.100.3',
          'Nov 20 12:00:02 gate: welcome',
        ].join('\n'),
      )
    await page.getByLabel('failregex').fill('login failed for <F-USER>.*</F-USER> from <HOST>$')
    await expect.poll(() => lines().locator('li.matched').count()).toBe(2)
    expect(await lines().locator('mark.address').allTextContents()).toEqual(['192.0.2.7', '198.51.100.3'])
    expect(await lines().locator('mark.user').first().textContent()).toBe('<img src=x onerror=alert(1)>')
    expect(await page.locator('main img').count()).toBe(0)
    await page.getByLabel('ignoreregex').fill('for x ')
    await expect.poll(() => lines().locator('li.ignored').count()).toBe(1)
  })

  it('says what is wrong with an expression, under it', async () => {
    await page.getByLabel('failregex').fill('login failed from <HOST>$\n(oops <HOST>')
    await page.getByText('Expression 2: a group is not closed').waitFor()
    expect(await page.getByLabel('failregex').getAttribute('aria-invalid')).toBe('true')
  })

  it('stops an expression that would take for ever, names it, and goes on', async () => {
    await page.getByLabel('Log lines').fill(`a line\n${'a'.repeat(60)}!\nfrom 192.0.2.1`)
    await page.getByLabel('failregex').fill('from <HOST>$\n^(?:a+)+(?=b)<HOST>$')
    await page.getByText('Expression 2 takes too long on line 2').waitFor()
    await page.getByLabel('failregex').fill('from <HOST>$')
    await expect.poll(() => lines().locator('li.matched').count()).toBe(1)
    expect(await page.getByText('too long').count()).toBe(0)
  })

  it('names a jail that its node paused, and shows which expression is to blame on the node’s own lines', async () => {
    await lab.demo.slowDown()
    lab.demo.script('storm')
    await page.getByRole('link', { name: 'Overview' }).click()
    const concern = page.getByRole('link', { name: 'shop is paused on pve1: filter shop is too slow' })
    await concern.waitFor({ timeout: 60_000 })
    await page.getByRole('link', { name: 'Jails' }).click()
    await page.getByText('paused', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Try its filter' }).click()
    await page.getByRole('heading', { name: 'Filters' }).waitFor()
    await expect.poll(() => page.getByLabel('failregex').inputValue()).toContain('giving up')
    await page.getByRole('button', { name: 'Take the last 200 lines' }).click()
    await page.getByText('Expression 1 takes too long on line 1').waitFor()
  })

  it('gives every control a name, and fits on a phone', async () => {
    expect(await namelessControls(page)).toEqual([])
    const phone = await lab.open(360, 780)
    await phone.getByLabel('Filter', { exact: true }).selectOption('sshd')
    await phone.getByRole('button', { name: 'Take the last 200 lines' }).click()
    await phone.locator('li.matched').first().waitFor()
    expect(await overflowOf(phone)).toBeLessThanOrEqual(0)
    expect(await namelessControls(phone)).toEqual([])
  })

  it('gives the browser nothing to complain about', () => expect(lab.complaints).toEqual([]))
})
