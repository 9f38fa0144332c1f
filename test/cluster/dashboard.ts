import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { axeFindings } from '../lab/axe.ts'
import { namelessControls, openBrowser, overflowOf } from '../lab/browser.ts'
import { until } from '../lab/command.ts'
import { THEMES } from '../lab/screens.ts'
import type { BootedNode, Lab } from './booted.ts'

const PICTURES = fileURLToPath(new URL('../e2e/screenshots/', import.meta.url))
const WINDOW = { width: 1440, height: 1000 }
/** How long something on the page may take that a whole system takes part in (ms). */
const PATIENCE_MS = 90_000
const ENDS_MS = 240_000

/** How one signs in to hosts. */
export type Secret =
  { readonly kind: 'key'; readonly key: string } | { readonly kind: 'password'; readonly password: string }

/** The dashboard of a server on a booted system, in a real Chromium outside of all of them. */
export class Dashboard {
  readonly page: Page
  /** Mistakes of the page's own programs. */
  readonly mistakes: string[] = []
  readonly #browser: Browser
  readonly #url: string

  private constructor(browser: Browser, page: Page, url: string) {
    this.#browser = browser
    this.page = page
    this.#url = url
    page.setDefaultTimeout(PATIENCE_MS)
    page.on('pageerror', (error) => this.mistakes.push(error.message))
  }

  static async open(lab: Lab, url: string): Promise<Dashboard> {
    await mkdir(PICTURES, { recursive: true })
    const browser = await openBrowser(lab.outside, lab.folder)
    const page = await browser.newPage({ viewport: WINDOW, reducedMotion: 'reduce', colorScheme: 'light' })
    return new Dashboard(browser, page, url)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
  }

  /** Opens a page by its path, with its heading, and waits until it is live. */
  async to(path: string, heading: string): Promise<void> {
    await this.page.goto(`${this.#url}${path}`)
    await this.page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
    await this.live()
  }

  live = (): Promise<void> => this.page.getByRole('button', { name: 'Connection: Live' }).waitFor()

  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  /** The card of a node. */
  card(node: BootedNode): Locator {
    return this.page.getByRole('article', { name: node.name, exact: true })
  }

  /** The row of an address in the table of bans. */
  row(ip: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('link', { name: ip, exact: true }) })
  }

  /** Opens what the menu of a node offers. */
  async choose(node: BootedNode, item: RegExp): Promise<void> {
    await this.page.getByRole('button', { name: `More for ${node.name}`, exact: true }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  /** Has the doctor examine a node, until it says this of the jails. */
  async examine(node: BootedNode, said: string): Promise<void> {
    await this.choose(node, /^Doctor/)
    await this.dialog.getByRole('button', { name: 'Examine' }).click()
    await this.dialog.getByText(said).waitFor()
  }

  /** Closes the dialog. */
  close = (): Promise<void> => this.dialog.getByRole('button', { name: 'Close' }).first().click()

  /** Says how one signs in, confirms the keys that hosts have, as their own consoles say, and begins. */
  async toHosts(nodes: readonly BootedNode[], secret: Secret, shot?: string): Promise<Locator> {
    const { dialog } = this
    if (secret.kind === 'key') {
      await dialog.getByText('By private key', { exact: true }).click()
      await dialog.getByLabel('Private key', { exact: true }).fill(secret.key)
    } else await dialog.getByLabel('Password', { exact: true }).fill(secret.password)
    if (shot !== undefined) await this.look(`${shot}-form`)
    await dialog.getByRole('button', { name: 'Ask for the keys of the hosts' }).click()
    for (const node of nodes) {
      const row = dialog.getByRole('listitem').filter({ hasText: node.address })
      const own = await node.must('ssh-keygen', '-lf', '/etc/ssh/ssh_host_ed25519_key.pub')
      const print = /SHA256:\S+/.exec(own)?.[0] ?? 'none'
      await row.getByText(print, { exact: true }).waitFor()
      await row.getByLabel('This is the key of the host').check()
    }
    if (shot !== undefined) await this.look(`${shot}-keys`)
    const count = `${nodes.length} node${nodes.length === 1 ? '' : 's'}`
    return dialog.getByRole('button', { name: new RegExp(`^(Add|Upgrade|Remove) ${count}$`) })
  }

  /** What a deployment under way says of a host. */
  job(node: BootedNode): Locator {
    return this.dialog.getByRole('article').filter({ hasText: node.address })
  }

  /** Waits until what goes on on a host has ended as this word says. */
  async ended(node: BootedNode, word: string): Promise<void> {
    const job = this.job(node)
    await until(
      `${node.name} ${word}`,
      async () => {
        const text = (await job.textContent().catch(() => null)) ?? ''
        if (/\b(failed|cancelled)\b/.test(text)) throw new Error(text)
        return job.getByText(word, { exact: true }).isVisible()
      },
      ENDS_MS,
    )
  }

  /** Looks at the page as it is, at both ends of the sizes and in both themes: it fits, can be used, and is pictured. */
  async look(name: string): Promise<void> {
    const wrong: string[] = []
    for (const width of [WINDOW.width, 360]) {
      await this.page.setViewportSize({ width, height: width < 500 ? 780 : WINDOW.height })
      for (const theme of THEMES) {
        await this.page.emulateMedia({ colorScheme: theme })
        await this.page.evaluate(settled)
        const at = `${name} ${theme} ${width}`
        if ((await overflowOf(this.page)) > 0) wrong.push(`${at}: wider than the screen`)
        wrong.push(...(await axeFindings(this.page)).map((finding) => `${at}: ${finding}`))
        await this.page.screenshot({ path: `${PICTURES}booted-${name}-${theme}-${width}.png` })
      }
    }
    wrong.push(...(await namelessControls(this.page)).map((control) => `${name}: ${control}`))
    await this.page.setViewportSize(WINDOW)
    await this.page.emulateMedia({ colorScheme: 'light' })
    expect(wrong).toEqual([])
  }

  /** One picture of what passes quickly. */
  async glance(name: string): Promise<void> {
    await this.page.screenshot({ path: `${PICTURES}booted-${name}.png` })
  }
}

/** Waits until colours and places are what they become. */
async function settled(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const moving = document.getAnimations().filter((each) => each instanceof CSSTransition)
  await Promise.allSettled(moving.map(({ finished }) => finished))
}
