import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOOL_ENVIRONMENT } from '../firewall/run-tool.ts'
import { runProgram } from '../hardening/run.ts'
import { processOf, whyNot, type Author } from './author.ts'
import { lookAround } from './look-around.ts'
import { runWriter } from './write-line.ts'

type Fields = Readonly<Record<string, string>>

const JOURNAL_SOCKET = '/run/systemd/journal/socket'
/** The one program of the system that sends a datagram with the credentials of another process and user. */
const SENDER = 'systemd-notify'
const HOLDER = '/usr/bin/logger'

/**
 * Writes an entry to the journal as somebody else, which takes root: as a process of a service that runs, as a process
 * of some name, as a user. `enter`: what programs are run by, before their own names. @throws in words where it cannot
 */
export async function writeAs(fields: Fields, author: Author, enter: readonly string[] = []): Promise<void> {
  const { unit, comm, uid } = author
  // systemd-notify would send it as itself, without a word.
  if (!mayPretend(await readFile('/proc/self/status', 'utf8')))
    throw new Error('it takes root to write as somebody else, and warder-harden.socket is not there to ask')
  const here = await lookAround(unit === null ? [] : [unit], runProgram)
  const refused = whyNot(author, here)
  if (refused !== null) throw new Error(refused.why)
  if (unit !== null) return send({ fields, uid, pid: processOf(unit, comm, here.units.get(unit)), enter })
  if (comm === null) return send({ fields, uid, pid: null, enter })
  await using holder = await Holder.start(comm, enter)
  await send({ fields, uid, pid: holder.pid, enter })
  // journald looks at the process when it takes the entry, so it is to be there until then.
  const [file = '', ...args] = [...enter, 'journalctl', '--sync']
  await runProgram([file, ...args])
}

const CAP_SYS_ADMIN = 21n

/** Whether the kernel lets a process with this status send as another one. */
export const mayPretend = (status: string): boolean =>
  ((BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`) >> CAP_SYS_ADMIN) & 1n) === 1n

interface Sent {
  readonly fields: Fields
  readonly uid: number
  readonly pid: number | null
  readonly enter: readonly string[]
}

/** What systemd-notify sends has the form of journald's own protocol, where a line feed ends each field. */
function send({ fields, uid, pid, enter }: Sent): Promise<void> {
  const assignments = Object.entries(fields).map(([name, value]) => `${name}=${value}`)
  const [file = '', ...args] = [
    ...enter,
    SENDER,
    '--no-block',
    ...(uid === 0 ? [] : [`--uid=${uid}`]),
    ...(pid === null ? [] : [`--pid=${pid}`]),
    ...assignments.slice(0, -1),
    `${assignments.at(-1) ?? ''}\n`,
  ]
  return runWriter([file, ...args], '', { NOTIFY_SOCKET: JOURNAL_SOCKET })
}

/** A process of some name, which does nothing. */
class Holder implements AsyncDisposable {
  readonly pid: number
  readonly #end: () => Promise<void>

  private constructor(pid: number, end: () => Promise<void>) {
    this.pid = pid
    this.#end = end
  }

  static async start(comm: string, enter: readonly string[]): Promise<Holder> {
    const folder = await mkdtemp(join(tmpdir(), 'warder-doctor-'))
    const path = join(folder, comm)
    await chmod(folder, 0o711)
    await symlink(HOLDER, path)
    const [file = '', ...args] = [...enter, path, '--no-act', '--stderr', '--socket-errors=off']
    const child = spawn(file, args, {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: TOOL_ENVIRONMENT,
      timeout: 10_000,
    })
    const ended = once(child, 'close').catch(() => {})
    const end = async (): Promise<void> => {
      child.stdin.end()
      await ended
      await rm(folder, { recursive: true })
    }
    child.stdin.on('error', () => {})
    child.stdin.write('here\n')
    // It says again what it is told, and so that it runs under its name by now.
    const isThere = await Promise.race([
      once(child.stderr, 'data').then(([chunk]) => String(chunk).includes('here')),
      ended.then(() => false),
    ])
    if (isThere && child.pid !== undefined) return new Holder(child.pid, end)
    await end()
    throw new Error(`no process called ${comm} can be started`)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end()
  }
}
