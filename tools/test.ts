// Everything that must hold: checks, unit tests, tests on real parts. Ends with `N passed, N failed, N skipped`.
// `npm test -- unit`, `-- nft`, `-- packages`, `-- e2e`, `-- check` run one part; `-- cluster` boots whole systems, by name only.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildQuietly } from './build.ts'
import { CHECKS, runCheck } from './check.ts'
import { installMissing } from './debian.ts'
import { bin } from './root.ts'
import { show } from './run.ts'

interface Tally {
  passed: number
  failed: number
  readonly skipped: string[]
  /** Titles of tests that count what they compared. */
  readonly counted: string[]
}

const COUNTS = /\b\d+ of \d+\b/

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

function countReport(file: string, tally: Tally): void {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  for (const suite of report.testResults) {
    // A file that could not even be loaded has no tests of its own to count.
    if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed'))
      tally.failed++
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

function runVitest(projects: readonly string[], filters: readonly string[], tally: Tally): void {
  const folder = mkdtempSync(join(tmpdir(), 'warder-test-'))
  const file = join(folder, 'report.json')
  const ok = show(bin('vitest'), [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...filters,
  ])
  const before = tally.failed
  try {
    countReport(file, tally)
  } catch (err) {
    process.stdout.write(`the tests' report cannot be read: ${(err as Error).message}\n`)
    tally.failed++
  }
  if (!ok && tally.failed === before) tally.failed++
  rmSync(folder, { recursive: true, force: true })
}

const [part = 'all', ...filters] = process.argv.slice(2)
const wants = (name: string): boolean => part === 'all' || part === name
if (!['all', 'unit', 'nft', 'packages', 'e2e', 'cluster', 'check'].includes(part)) {
  process.stderr.write(
    `there is no part "${part}": take unit, nft, packages, e2e, cluster or check, or nothing for all but cluster.\n`,
  )
  process.exit(2)
}

const tally: Tally = { passed: 0, failed: 0, skipped: [], counted: [] }
const missing = installMissing(part)
if (missing.length > 0)
  process.stdout.write(`not on this machine, so some tests are skipped: ${missing.join(' ')}\n`)
if (await buildQuietly()) tally.passed++
else tally.failed++
if (wants('check')) await runChecks(tally)
if (wants('unit')) runVitest(['unit'], filters, tally)
if (wants('nft')) runVitest(['nft'], filters, tally)
if (wants('packages')) runVitest(['packages'], filters, tally)
if (wants('e2e')) runVitest(['e2e'], filters, tally)
if (part === 'cluster') runVitest(['cluster'], filters, tally)

for (const name of tally.counted) process.stdout.write(`counted: ${name}\n`)
for (const name of tally.skipped) process.stdout.write(`skipped: ${name}\n`)
process.stdout.write(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped\n`)
process.exit(tally.failed === 0 ? 0 : 1)
