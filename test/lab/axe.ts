import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** What axe finds wrong, as far as it is told here. */
interface Finding {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What WCAG 2.2 AA asks for. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** So long, in ms, colours may take to become what they are to be: what stands still half-way is looked at as it is. */
const REST_MS = 3_000

/** Colours on their way to others are neither: whoever has looked long enough sees what they become. */
const atRest = (page: Page): Promise<unknown> =>
  page.evaluate(
    (most) =>
      Promise.race([
        new Promise((resolve) => setTimeout(resolve, most)),
        Promise.allSettled(
          document
            .getAnimations()
            .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
            .map(({ finished }) => finished),
        ),
      ]),
    REST_MS,
  )

/** What breaks WCAG 2.2 AA on a page, in lines to read; empty: nothing that axe can find. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // Told to the browser itself: the page's own policy lets no foreign script in.
  await page.evaluate(SOURCE)
  await atRest(page)
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(RULES)} } }).then(({ violations }) => violations)`,
  )) as readonly Finding[]
  return found.map(({ id, help, nodes }) => {
    const [first] = nodes
    return `${id}: ${help} (${nodes.length} times): ${first?.html.slice(0, 200) ?? ''} ${first?.failureSummary ?? ''}`
  })
}
