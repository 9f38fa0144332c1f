import { execFile } from 'node:child_process'
import { TOOL_ENVIRONMENT } from '../firewall/run-tool.ts'
import type { Ran } from './places.ts'

const LIMIT_MS = 20_000
const OUTPUT_BYTES = 1_048_576

/** Runs a program of the system. */
export function runProgram([file, ...args]: readonly [string, ...string[]]): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>()
  const options = {
    env: TOOL_ENVIRONMENT,
    timeout: LIMIT_MS,
    maxBuffer: OUTPUT_BYTES,
    killSignal: 'SIGKILL',
  } as const
  execFile(file, args, options, (err, stdout, stderr) => {
    const code = err === null ? 0 : typeof err.code === 'number' ? err.code : null
    resolve({ code, output: `${stdout}${stderr}`.trim() || (err?.message ?? '') })
  })
  return promise
}
