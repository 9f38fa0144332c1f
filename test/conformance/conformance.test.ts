import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSampleLogs } from './annotated.ts'
import type { Outcome } from './corpus.ts'
import { runLines } from './lines.ts'
import { readTree, runFile } from './run.ts'

const CORPUS = process.env['WARDER_CORPUS'] ?? ''
/** The snapshot that the upstream corpus was made from, its `config`. */
const UPSTREAM = process.env['WARDER_FAIL2BAN_UPSTREAM'] ?? ''
const folder = mkdtempSync(join(tmpdir(), 'warder-conformance-'))

/** Debian's package, unpacked; null where it cannot be fetched. */
function unpackedPackage(): string | null {
  try {
    execFileSync('apt-get', ['download', '-q', 'fail2ban'], { cwd: folder, stdio: 'ignore', timeout: 60_000 })
    const [file = ''] = readdirSync(folder)
    execFileSync('dpkg-deb', ['-x', file, 'unpacked'], { cwd: folder, stdio: 'ignore' })
    return join(folder, 'unpacked')
  } catch {
    return null
  }
}

const failuresOf = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.filter(({ failure }) => failure !== null).map(({ id, failure }) => `${id}: ${failure}`)

/** A title with the count, so that it stands in the output. */
const counted = (what: string, outcomes: readonly Outcome[]): string =>
  `${what}: ${outcomes.filter(({ failure }) => failure === null).length} of ${outcomes.length}`

const debian = unpackedPackage()
const debianTree = debian === null ? null : readTree(join(debian, 'etc/fail2ban'))
const upstreamTree = existsSync(join(UPSTREAM, 'filter.d')) ? readTree(UPSTREAM) : null

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FILES = [
  ['fail2ban-semantics-visible.jsonl', null, true],
  ['fail2ban-debian-1.0.2-visible.jsonl', debianTree, debianTree !== null],
  ['fail2ban-upstream-visible.jsonl', upstreamTree, upstreamTree !== null],
] as const

describe('conformance with fail2ban', () => {
  for (const [file, tree, isReady] of FILES) {
    const path = join(CORPUS, file)
    if (!existsSync(path) || !isReady) {
      it.skip(`${file} (skipped: needs the corpus and the configuration that it was made with)`)
      continue
    }
    const outcomes = runFile(path, tree)
    it(counted(file, outcomes), () => {
      expect(failuresOf(outcomes)).toEqual([])
    })
  }

  if (debian === null || debianTree === null) {
    it.skip("the annotated logs of Debian's package (skipped: it cannot be downloaded here)")
    return
  }
  const logs = join(debian, 'usr/lib/python3/dist-packages/fail2ban/tests/files/logs')
  const outcomes = runLines(readSampleLogs(logs), debianTree)
  it(counted("the annotated logs of Debian's package", outcomes), () => {
    expect(outcomes.length).toBeGreaterThan(1_000)
    expect(failuresOf(outcomes)).toEqual([])
  })
})
