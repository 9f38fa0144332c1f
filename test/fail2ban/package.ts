import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder that the tests of one run share; the first that needs the package fetches it. */
const folderOf = (run: string): string => join(tmpdir(), `warder-fail2ban-${run}`)

const FETCH_LIMIT = 60_000
/** How long the others wait for it. */
const WAIT_LIMIT = 2 * FETCH_LIMIT
const LOOK_EVERY = 50

function fetchInto(folder: string): boolean {
  try {
    execFileSync('apt-get', ['download', '-q', 'fail2ban'], {
      cwd: folder,
      stdio: 'ignore',
      timeout: FETCH_LIMIT,
    })
    const file = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? ''
    execFileSync('dpkg-deb', ['-x', file, 'unpacked'], { cwd: folder, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What the first one found: written once, when the package is there or cannot be had. */
function waitFor(note: string): boolean {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; !existsSync(note) && waited < WAIT_LIMIT; waited += LOOK_EVERY)
    Atomics.wait(cell, 0, 0, LOOK_EVERY)
  return existsSync(note) && readFileSync(note, 'utf8') === 'there'
}

/**
 * Debian's package of fail2ban, unpacked: its files are read here and never copied. Fetched once for all tests of a
 * run. Null where it cannot be had.
 */
export function debianPackage(): string | null {
  const folder = folderOf(process.env['WARDER_TEST_RUN'] ?? String(process.pid))
  const note = join(folder, 'note')
  let isFirst = true
  try {
    mkdirSync(folder)
  } catch {
    isFirst = false
  }
  if (isFirst) writeFileSync(note, fetchInto(folder) ? 'there' : 'not to be had')
  return waitFor(note) ? join(folder, 'unpacked') : null
}

/** Removes what a run fetched. */
export const removePackage = (run: string): void => rmSync(folderOf(run), { recursive: true, force: true })

/** Where things lie in the package. */
export const PACKAGE = {
  config: 'etc/fail2ban',
  library: 'usr/lib/python3/dist-packages',
  logs: 'usr/lib/python3/dist-packages/fail2ban/tests/files/logs',
} as const
