import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTrouble } from '../../lab/available.ts'
import { CHROMIUM } from '../../lab/browser.ts'
import { DashboardLab } from '../../lab/dashboard.ts'

const trouble = labTrouble([CHROMIUM])
/** Script and style of the first load, packed with gzip, in bytes. */
const MOST = 200_000

describe.skipIf(trouble)(`the first load${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: DashboardLab
  beforeAll(async () => {
    lab = await DashboardLab.start({ path: '/', heading: 'Overview' })
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  it('is less than 200 KB of script and style', async () => {
    const page = await lab.open(1440, 900)
    const urls = new Set<string>()
    page.on('response', (answer) => {
      if (/\.(js|css)$/.test(new URL(answer.url()).pathname)) urls.add(answer.url())
    })
    await page.goto(lab.demo.url)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    const sizes = await Promise.all(
      [...urls].map(async (url) => gzipSync(new Uint8Array(await (await fetch(url)).arrayBuffer())).length),
    )
    const sum = sizes.reduce((total, size) => total + size, 0)
    expect(sizes.length).toBeGreaterThan(2)
    expect(sum).toBeLessThan(MOST)
  })
})
