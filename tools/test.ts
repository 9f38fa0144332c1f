// Everything that must hold: checks, unit tests, tests on real parts. Ends with `N passed, N failed, N skipped`.
// `npm test -- unit`, `-- nft`, `-- packages`, `-- e2e`, `-- check` run one part; by name only: `whole`, e2e with all sizes of the screen and
// budgets of time, and `cluster`, which boots whole systems.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildQuietly } from './build.ts'
import { CHECKS, runCheck } from './check.ts'
import { installMissing } from './debian.ts'
import { bin, inRoot } from './root.ts'
import { show } from './run.ts'

interface Tally {
  passed: number
  failed: number
  readonly skipped: string[]
  /** Titles of tests that count what they compared. */
  readonly counted: string[]
  /** Titles of tests that failed beside others and passed when their file ran alone. */
  readonly unsteady: string[]
}

const COUNTS = /\b\d+ of \d+\b/
/** More files than these with a failure are no matter of a slow machine. */
const MOST_AGAIN = 3

/** The part of vitest's JSON report that is read here, of one file. */
interface Suite {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
}

const failures = ({ assertionResults }: Suite): readonly string[] =>
  assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)

function count(suites: readonly Suite[], tally: Tally): void {
  for (const suite of suites) {
    // A file that could not even be loaded has no tests of its own to count.
    if (suite.status === 'failed' && failures(suite).length === 0) tally.failed++
    for (const test of suite.assertionResults) {
      if (COUNTS.test(test.fullName)) tally.counted.push(test.fullName)
      if (test.status === 'passed') tally.passed++
      else if (test.status === 'failed') tally.failed++
      else tally.skipped.push(test.fullName)
    }
  }
}

async function runChecks(tally: Tally): Promise<void> {
  for (const check of CHECKS) {
    if (await runCheck(check)) tally.passed++
    else tally.failed++
  }
}

/** Runs a project and counts its tests. What fails on CI beside others gets one more run, its file alone, and is named. */
function runVitest(project: string, filters: readonly string[], tally: Tally): void {
  const first = reportOf(project, filters)
  const broken = first?.filter(({ status }) => status === 'failed') ?? []
  const again =
    process.env['CI'] === 'true' && broken.length > 0 && broken.length <= MOST_AGAIN
      ? reportOf(
          project,
          broken.map(({ name }) => name),
        )
      : null
  if (first === null) {
    tally.failed++
    return
  }
  const second = new Map(again?.map((suite) => [suite.name, suite]))
  for (const suite of broken) {
    const still = new Set(failures(second.get(suite.name) ?? suite))
    tally.unsteady.push(...failures(suite).filter((name) => !still.has(name)))
  }
  count(
    first.map((suite) => second.get(suite.name) ?? suite),
    tally,
  )
}

/** Null when there is none, or when something failed that no file of it tells. */
function reportOf(project: string, filters: readonly string[]): readonly Suite[] | null {
  const folder = mkdtempSync(join(tmpdir(), 'warder-test-'))
  const file = join(folder, 'report.json')
  const ok = show(bin('vitest'), [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...filters,
  ])
  try {
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as { testResults: readonly Suite[] }
    return ok || testResults.some(({ status }) => status === 'failed') ? testResults : null
  } catch (err) {
    process.stdout.write(`the tests' report cannot be read: ${(err as Error).message}\n`)
    return null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const [part = 'all', ...filters] = process.argv.slice(2)
const wants = (name: string): boolean => part === 'all' || part === name
if (!['all', 'unit', 'nft', 'packages', 'e2e', 'whole', 'cluster', 'check'].includes(part)) {
  process.stderr.write(
    `there is no part "${part}": take unit, nft, packages, e2e, whole, cluster or check, or nothing for all but whole and cluster.\n`,
  )
  process.exit(2)
}

// Hundreds of processes are started from source: what Node made of a file once is taken from there the next time.
process.env['NODE_COMPILE_CACHE'] ??= inRoot('node_modules', '.cache', 'compiled')

const tally: Tally = { passed: 0, failed: 0, skipped: [], counted: [], unsteady: [] }
const missing = installMissing(part)
if (missing.length > 0)
  process.stdout.write(`not on this machine, so some tests are skipped: ${missing.join(' ')}\n`)
if (await buildQuietly()) tally.passed++
else tally.failed++
if (wants('check')) await runChecks(tally)
if (wants('unit')) runVitest('unit', filters, tally)
if (wants('nft')) runVitest('nft', filters, tally)
if (wants('packages')) runVitest('packages', filters, tally)
if (part === 'whole') process.env['WARDER_WHOLE'] = '1'
if (wants('e2e') || part === 'whole') runVitest('e2e', filters, tally)
if (part === 'cluster') process.env['WARDER_BOOT'] = '1'
// Without systems that may be booted its tests are named as skipped.
if (wants('cluster')) runVitest('cluster', filters, tally)

for (const name of tally.counted) process.stdout.write(`counted: ${name}\n`)
for (const name of tally.unsteady) process.stdout.write(`unsteady, passed alone: ${name}\n`)
for (const name of tally.skipped) process.stdout.write(`skipped: ${name}\n`)
process.stdout.write(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped\n`)
process.exit(tally.failed === 0 ? 0 : 1)
