import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { SetOf } from './probe.ts'

/** How a command is made to run on a machine of the lab. */
export type On = (command: readonly string[]) => readonly string[]

/** A program that reads a log and bans. */
export interface Banner {
  readonly name: 'warder' | 'fail2ban' | 'sshguard'
  /** What Debian's packages bring of it, by package: files that are there when it is installed. */
  readonly packages: Readonly<Record<string, string>>
  /** Why it cannot be measured here; null: it can. */
  trouble(): string | null
  /** Starts it on a log, in a folder of its own that is there. Resolves when it watches. */
  start(place: Place): Promise<RunningBanner>
}

/** Where a program runs and what it reads. */
export interface Place {
  readonly on: On
  readonly folder: string
  /** The log, or null: the journal. */
  readonly log: string | null
}

/** One that runs. */
export interface RunningBanner extends AsyncDisposable {
  readonly set: SetOf
  /** After how many failures it bans. */
  readonly maxretry: number
  readonly pid: number
  /** Ends it as its service would, and waits for that. */
  stop(): Promise<void>
}

const TICKS_PER_SECOND = 100

/** A process that is ended with the bench. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess
  #output = ''
  #watching: (() => void)[] = []

  constructor([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8', ...env },
    })
    const take = (chunk: string): void => {
      if (this.#output.length < 1_000_000) this.#output += chunk
      for (const look of this.#watching) look()
    }
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', take)
    }
    this.#child.on('exit', () => take(''))
    // Killed with the bench, so that nothing is left behind when it is interrupted.
    const kill = (): void => void this.#child.kill('SIGKILL')
    process.once('exit', kill)
    this.#child.once('exit', () => process.off('exit', kill))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  get output(): string {
    return this.#output
  }

  /** Resolves at once when it has printed a text. @throws when it ends before */
  async prints(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = (): void => {
      if (this.#output.includes(text)) resolve()
      else if (this.hasEnded)
        reject(new Error(`it ended before it said "${text}": ${this.#output.slice(-2_000)}`))
    }
    this.#watching.push(look)
    look()
    await promise.finally(() => {
      this.#watching = this.#watching.filter((each) => each !== look)
    })
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.hasEnded) return
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }
}

/** A process and all that it started and that still runs. */
export function treeOf(pid: number): readonly number[] {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const fields = fieldsOf(Number(name))
    if (fields === null) continue
    const parent = Number(fields[1])
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
  }
  const tree = [pid]
  for (const each of tree) tree.push(...(parents.get(each) ?? []))
  return tree
}

/** CPU seconds of a process and all it started, those that ended too. */
export function cpuOfTree(pid: number): number {
  let ticks = 0
  for (const each of treeOf(pid)) {
    const fields = fieldsOf(each)
    for (const index of [11, 12, 13, 14]) ticks += Number(fields?.[index] ?? 0)
  }
  return ticks / TICKS_PER_SECOND
}

/** Resident bytes of each program of a tree, by name. */
export function residentOf(pid: number): Readonly<Record<string, number>> {
  const resident: Record<string, number> = {}
  for (const each of treeOf(pid)) {
    const status = readText(`/proc/${each}/status`)
    const name = /^Name:\s+(.+)$/m.exec(status)?.[1]
    const bytes = Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1] ?? 0) * 1_024
    if (name !== undefined) resident[name] = (resident[name] ?? 0) + bytes
  }
  return resident
}

/** What stands behind the name in `/proc/<pid>/stat`, from the state on; null: it has ended. */
function fieldsOf(pid: number): readonly string[] | null {
  const text = readText(`/proc/${pid}/stat`)
  return text === '' ? null : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
