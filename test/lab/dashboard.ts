import { startDemo, type Demo } from '@warder/demo'
import { chromium, type Browser, type Page } from 'playwright-core'
import { CHROMIUM, CHROMIUM_FLAGS } from './browser.ts'

/** A page of the dashboard that tests open: its path and its heading. */
export interface Place {
  readonly path: string
  readonly heading: string
}

/** A demonstration cluster of two nodes, and a real Chromium that looks at its dashboard. Nothing leaves the machine. */
export class DashboardLab implements AsyncDisposable {
  /** What the browser complained of since the last page was opened. */
  readonly complaints: string[] = []
  readonly demo: Demo
  readonly #browser: Browser
  readonly #place: Place

  private constructor(demo: Demo, browser: Browser, place: Place) {
    this.demo = demo
    this.#browser = browser
    this.#place = place
  }

  static async start(place: Place): Promise<DashboardLab> {
    const demo = await startDemo({ port: 0, nodes: 2 })
    try {
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] })
      return new DashboardLab(demo, browser, place)
    } catch (err) {
      await demo.stop()
      throw err
    }
  }

  /** Opens the page in a window of a size, where it asks who one is. */
  async visit(width: number, height: number): Promise<Page> {
    const page = await this.#browser.newPage({ viewport: { width, height } })
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()))
    page.on('pageerror', (error) => this.complaints.push(error.message))
    await page.goto(`${this.demo.url}${this.#place.path}`)
    return page
  }

  /** Opens the page in a window of a size and signs in. */
  async open(width: number, height: number): Promise<Page> {
    const page = await this.visit(width, height)
    await page.getByLabel('Name').fill(this.demo.operator)
    await page.getByLabel('Password', { exact: true }).fill(this.demo.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: this.#place.heading }).waitFor()
    // What the sign-in says of itself before somebody is signed in is not ours.
    this.complaints.length = 0
    return page
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
    await this.demo.stop()
  }
}
