// Everything that can be known without running the product: types, lint, format, directions.
import { bin, inRoot } from './root.ts'
import { capture, type Finished } from './run.ts'

/** One check by name, as the operator of the repository reads it. */
export interface Check {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

export const CHECKS: readonly Check[] = [
  {
    name: 'types',
    command: bin('turbo'),
    args: ['run', 'typecheck', '--output-logs=errors-only', '--continue'],
  },
  { name: 'types of tests and tools', command: bin('tsc'), args: ['-p', inRoot('test', 'tsconfig.json')] },
  { name: 'lint', command: bin('oxlint'), args: ['--deny-warnings', '.'] },
  { name: 'format', command: bin('prettier'), args: ['--check', '--log-level=warn', '.'] },
  {
    name: 'directions between folders',
    command: bin('depcruise'),
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', 'packages', 'apps', 'test'],
  },
]

/** Runs one check; its output is shown only when it fails. */
export async function runCheck(check: Check): Promise<boolean> {
  const done: Finished = await capture(check.command, check.args)
  process.stdout.write(`${done.ok ? 'ok    ' : 'FAILED'} check: ${check.name}\n`)
  if (!done.ok) process.stdout.write(`${done.output}\n`)
  return done.ok
}

if (process.argv[1] === inRoot('tools', 'check.ts')) {
  let ok = true
  for (const check of CHECKS) ok = (await runCheck(check)) && ok
  process.exit(ok ? 0 : 1)
}
