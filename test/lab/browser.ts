import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Machine } from './namespace.ts'

/** What keeps Chromium quiet on a machine without a network of its own. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const CHROMIUM = '/usr/bin/chromium'

/** Starts a real Chromium on a machine of the lab: it sees the lab's network and nothing else. */
export async function openBrowser(machine: Machine, folder: string): Promise<Browser> {
  const wrapper = join(folder, 'chromium')
  await writeFile(wrapper, `#!/bin/sh\nexec ${machine.on([CHROMIUM]).join(' ')} "$@"\n`)
  await chmod(wrapper, 0o755)
  // The lab's server signs its certificate itself.
  const args = [...CHROMIUM_FLAGS, '--ignore-certificate-errors']
  return chromium.launch({ executablePath: wrapper, args })
}

/** A control that says nothing to those who do not see it, as HTML. Empty: all have a name. */
export const namelessControls = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const nameOf = (element: Element): string => {
      const labelled = (element.getAttribute('aria-labelledby') ?? '')
        .split(/\s+/)
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ')
      const labels =
        element instanceof HTMLInputElement ||
        element instanceof HTMLSelectElement ||
        element instanceof HTMLTextAreaElement
          ? element.labels
          : null
      const own =
        element instanceof HTMLInputElement || element instanceof HTMLSelectElement
          ? ''
          : (element.textContent ?? '')
      const label = [...(labels ?? [])].map((one) => one.textContent ?? '').join(' ')
      return [element.getAttribute('aria-label') ?? '', labelled, label, own].join(' ').trim()
    }
    return [
      ...document.querySelectorAll('button, a[href], input, select, textarea, [role=region], [tabindex="0"]'),
    ]
      .filter((element) => element.checkVisibility() && nameOf(element) === '')
      .map((element) => element.outerHTML.slice(0, 200))
  })

/** By how much the page is wider than the screen, in CSS pixels. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
