// Runs corpus files (samples of log lines and cases with what fail2ban makes of them) against the engine:
// conformance [--config DIR] FILE.jsonl...
import { parseArgs } from 'node:util'
import { readTree, runFile, scoresOf } from '../test/conformance/run.ts'

const USAGE = 'usage: npm run conformance -- [--config DIR] FILE.jsonl...\n'
/** Longest line of what is told about a failure: samples may be large. */
const SHOWN = 600

function argumentsOf(): { config: string | undefined; files: string[] } | null {
  try {
    const { values, positionals } = parseArgs({
      options: { config: { type: 'string' } },
      allowPositionals: true,
    })
    return positionals.length === 0 ? null : { config: values.config, files: positionals }
  } catch {
    return null
  }
}

function main(): number {
  const given = argumentsOf()
  if (given === null) {
    process.stderr.write(USAGE)
    return 2
  }
  const tree = given.config === undefined ? null : readTree(given.config)
  let passed = 0
  let failed = 0
  for (const file of given.files) {
    const outcomes = runFile(file, tree)
    for (const { id, failure } of outcomes) {
      if (failure === null) passed++
      else failed++
      if (failure !== null) process.stdout.write(`${`FAILED ${id}: ${failure}`.slice(0, SHOWN)}\n`)
    }
    const scores = [...scoresOf(outcomes)].map(([kind, { passed: ok, all }]) => `${kind} ${ok}/${all}`)
    process.stdout.write(`${file}: ${scores.join(', ')}\n`)
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed === 0 ? 0 : 1
}

process.exitCode = main()
