import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
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
  return chromium.launch({ executablePath: wrapper, args: [...CHROMIUM_FLAGS] })
}
