import { spawn } from 'node:child_process'
import { open, realpath, stat } from 'node:fs/promises'
import { TOOL_ENVIRONMENT } from '../firewall/run-tool.ts'

/** How to write to journald: fields are given on standard input. */
export const JOURNAL_WRITER: readonly [string, ...string[]] = ['logger', '--journald']
const LIMIT_MS = 5_000

/** Appends a line to a log that is there. @throws in words where it cannot */
export async function appendLine(path: string, line: string): Promise<void> {
  const place = await realpath(path)
  if (!(await stat(place)).isFile()) throw new Error(`${path} is no plain file`)
  const file = await open(place, 'a+')
  try {
    const { size } = await file.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await file.read(last, 0, 1, size - 1)
    // A line that is being written is not to be joined with ours.
    await file.appendFile(`${size > 0 && last[0] !== 0x0a ? '\n' : ''}${line}\n`)
  } finally {
    await file.close()
  }
}

/** Writes an entry to the journal through the socket that services use. @throws in words where it cannot */
export function writeEntry(
  [file, ...args]: readonly [string, ...string[]],
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const child = spawn(file, args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: TOOL_ENVIRONMENT,
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8').slice(0, 500)))
  child.stdin.on('error', () => {})
  child.on('error', (err) => reject(new Error(`${file} cannot be run: ${err.message}`)))
  child.on('close', (code) => {
    if (code === 0) resolve()
    else reject(new Error(`${file} could not write to the journal: ${complaint.trim() || `status ${code}`}`))
  })
  child.stdin.end(
    Object.entries(fields)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  return promise
}
