import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../lab/available.ts'
import { CHROMIUM, namelessControls, overflowOf } from '../lab/browser.ts'
import { DashboardLab } from '../lab/dashboard.ts'

const trouble = labTrouble([CHROMIUM])

/** Who is told what is set up in a real browser. Nothing leaves the machine: the guard of the server sees to that. */
describe.skipIf(trouble)(`the Notifications page${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  let page: Page

  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/notifications', heading: 'Notifications' })
    page = await lab.open(1440, 900)
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  const rules = () => page.getByRole('list', { name: 'Rules' })

  it('begins empty, and says what it is good for', async () => {
    await page.getByText('Nobody is told anything yet').waitFor()
  })

  it('takes a channel with the fields of its kind, and tells it what matters', async () => {
    await page.getByRole('button', { name: 'Add a channel' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Kind').selectOption('Gotify')
    expect(await dialog.getByRole('button', { name: 'Add' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Name' }).fill('phone')
    await dialog.getByRole('textbox', { name: 'Server' }).fill('http://127.0.0.1:9')
    await dialog.getByLabel('Application token').fill('very-secret')
    await page.keyboard.press('Enter')
    await rules()
      .getByText(/^When something needs attention, tell phone: /)
      .waitFor()
    await rules()
      .getByText(
        'When a jail bans on any node, tell phone: one message per attack, quiet from 22:00 to 07:00.',
      )
      .waitFor()
    expect(await page.content()).not.toContain('very-secret')
  })

  it('tests it, and says what to do about an address in a private network', async () => {
    await page.getByRole('button', { name: 'Test phone' }).click()
    await page.getByRole('status').getByText('add "127.0.0.1" to private_hosts in server.toml').waitFor()
    await page.getByRole('list', { name: 'Sent' }).getByText('Warder: a test').waitFor()
  })

  it('takes a rule, says it as a sentence while it is made, and takes its removal back', async () => {
    await page.getByRole('button', { name: 'Add a rule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox', { name: 'A node is lost' }).check()
    await dialog.getByRole('checkbox', { name: 'A jail bans' }).uncheck()
    await dialog.getByLabel('How often').selectOption('At once, one message a minute at most')
    const sentence = 'When a node is lost, tell phone: at once, one message a minute at most.'
    await dialog.getByText(sentence).waitFor()
    await dialog.getByRole('button', { name: 'Add' }).click()
    await rules().getByText(sentence).waitFor()
    await page.getByRole('button', { name: `More for the rule: ${sentence}` }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await rules().getByText(sentence).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await rules().getByText(sentence).waitFor()
  })

  it('asks for a secret again when it would go to another place', async () => {
    await page.getByRole('button', { name: 'More for phone' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Server' }).fill('https://elsewhere.example')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText(/token/).first().waitFor()
    await dialog
      .getByRole('alert')
      .getByText(/the channel lacks its token|again/i)
      .waitFor()
    await page.keyboard.press('Escape')
    // What the server refused is said by the browser too.
    lab.complaints.length = 0
  })

  it('has a name for every control, fits a phone, and nothing complains', async () => {
    const phone = await lab.open(360, 780)
    await phone.getByRole('list', { name: 'Channels' }).waitFor()
    expect(await overflowOf(phone)).toBeLessThanOrEqual(0)
    expect(await namelessControls(phone)).toEqual([])
    expect(await namelessControls(page)).toEqual([])
    await phone.close()
    expect(lab.complaints).toEqual([])
  })
})
