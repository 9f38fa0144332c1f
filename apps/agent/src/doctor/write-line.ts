import { spawn } from 'node:child_process'
import { constants, type Stats } from 'node:fs'
import { open, readlink, realpath } from 'node:fs/promises'
import { TOOL_ENVIRONMENT } from '../firewall/run-tool.ts'
import { priorityOf } from './syslog.ts'

const SYSLOG_SOCKET = '/run/systemd/journal/dev-log'
const LIMIT_MS = 5_000

/** A file that is swapped for a link between two looks is not followed, and a pipe is not waited for. */
const HOW = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Appends a line to a log that is there. `under`: the folder that it must lie in, wherever links lead, ended by a slash.
 * Folders of logs belong to their services: what is opened is looked at once more. @throws in words where it cannot
 */
export async function appendLine(path: string, line: string, under = '/'): Promise<void> {
  const file = await open(await realpath(path), HOW)
  try {
    const { size, nlink } = await file.stat().then(plainOnly(path))
    const place = await readlink(`/proc/self/fd/${file.fd}`)
    if (nlink !== 1 || !place.startsWith(under)) throw new Error(`${path} leads out of ${under}`)
    const last = Buffer.alloc(1)
    if (size > 0) await file.read(last, 0, 1, size - 1)
    // A line that is being written is not to be joined with ours.
    await file.appendFile(`${size > 0 && last[0] !== 0x0a ? '\n' : ''}${line}\n`)
  } finally {
    await file.close()
  }
}

const plainOnly =
  (path: string) =>
  (stats: Stats): Stats => {
    if (!stats.isFile()) throw new Error(`${path} is no plain file`)
    return stats
  }

/** Writes an entry to the journal as any process of root may. `enter`: what programs are run by. @throws in words where it cannot */
export function writeEntry(
  fields: Readonly<Record<string, string>>,
  transport: 'journal' | 'syslog',
  enter: readonly string[] = [],
): Promise<void> {
  if (transport === 'journal') {
    const text = Object.entries(fields).map(([name, value]) => `${name}=${value}\n`)
    return runWriter([...enter, 'logger', '--journald'], text.join(''))
  }
  const { MESSAGE = '', SYSLOG_IDENTIFIER = '' } = fields
  const how = ['--socket', SYSLOG_SOCKET, '--size', '8192', '--tag', SYSLOG_IDENTIFIER]
  return runWriter(
    [...enter, 'logger', ...how, '--priority', priorityOf(fields) ?? 'auth.info'],
    `${MESSAGE}\n`,
  )
}

/** Runs what writes to the journal. @throws in words where it cannot */
export function runWriter(
  [file = '', ...args]: readonly string[],
  input: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const child = spawn(file, args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...TOOL_ENVIRONMENT, ...more },
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
  child.stdin.end(input)
  return promise
}
