import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fullJitter, type Clock } from '@warder/daemon'
import { FirewallError } from './firewall.ts'
import { runTool, TIME_LIMIT_MS, TOOL_ENVIRONMENT, toError, type Command } from './run-tool.ts'

/** nft reads its standard input byte by byte here: a longer script is quicker from a file. */
const LONGEST_LINE = 2_000
/** nft remembers every line that it was given: after so many it begins anew. */
const MOST_SCRIPTS = 10_000
const FIRST_REST_MS = 1_000
const LONGEST_REST_MS = 300_000
/** One that ends sooner than this is not worth starting at once. */
const LASTING_MS = 10_000

interface Parts {
  /** How nft is called. */
  readonly command: Command
  readonly clock: Clock
  /** Told of each process that is given a script, before it is. */
  readonly onProcess?: (process: number) => void
}

/** A script that was handed to nft. */
interface Asked {
  readonly mark: string
  readonly done: (complaint: string) => void
  readonly failed: (err: Error) => void
}

/** The long-lived nft ended before it said what became of a script: it may have been carried out, or not. */
class SessionEnded extends Error {}

/**
 * Runs scripts in one long-lived nft, since starting one costs more than most scripts. Each is one line, which nft
 * carries out as one transaction. nft says nothing of what succeeds: a line that it cannot read comes behind each
 * script, and once it complains of that one, all it has to say of the script was said. A long script is a file that the
 * line includes. What a session did not answer because it ended gets a process of its own: scripts must bear to be
 * carried out twice.
 */
export class NftSession implements AsyncDisposable {
  readonly #command: Command
  readonly #clock: Clock
  readonly #onProcess: (process: number) => void
  readonly #backoff = fullJitter(FIRST_REST_MS, LONGEST_REST_MS)
  #open: OpenSession | null = null
  /** Holds long scripts while they are carried out. */
  #folder: string | null = null
  #files = 0
  #notBefore = 0
  #ended = false

  constructor({ command, clock, onProcess = () => {} }: Parts) {
    this.#command = command
    this.#clock = clock
    this.#onProcess = onProcess
  }

  /** Carries out a script, whole or not at all. @throws FirewallError in the operator's words */
  async run(script: string): Promise<void> {
    const session = this.#session()
    if (session === null || !(await this.#tryIn(session, script)))
      await runTool([...this.#command, '-f', '-'], script, this.#onProcess)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    const open = this.#open
    this.#open = null
    await open?.end()
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = null
  }

  /** Whether it was carried out; not: it has to be done in another way. @throws FirewallError when nft refused it */
  async #tryIn(session: OpenSession, script: string): Promise<boolean> {
    const file = script.length > LONGEST_LINE ? this.#fileOf(script) : undefined
    if (file === null) return false
    if (session.process !== undefined) this.#onProcess(session.process)
    try {
      const complaint = await session.run(
        file === undefined ? script.trimEnd().replaceAll('\n', '; ') : `include "${file}"`,
      )
      if (complaint === null) return true
      throw toError(this.#command, { status: 1, complaint })
    } catch (err) {
      if (err instanceof SessionEnded) return false
      throw err
    } finally {
      if (file !== undefined) rmSync(file, { force: true })
    }
  }

  /** Puts a script into a file; null: the disk does not take it. */
  #fileOf(script: string): string | null {
    try {
      // Nobody else may look into it, or put a file there. What is not used for days may be tidied away.
      if (this.#folder === null || !existsSync(this.#folder))
        this.#folder = mkdtempSync(join(tmpdir(), 'warder-nft-'))
    } catch {
      return null
    }
    const file = join(this.#folder, `${++this.#files}.nft`)
    try {
      writeFileSync(file, script, { mode: 0o600 })
      return file
    } catch {
      // What there was room for is in the way of others.
      rmSync(file, { force: true })
      return null
    }
  }

  /** The one that is open, or a new one; null while it is not worth it. */
  #session(): OpenSession | null {
    const isWorn = this.#open !== null && this.#open.scripts >= MOST_SCRIPTS
    if (isWorn) {
      void this.#open?.end()
      this.#open = null
    }
    if (this.#ended || this.#open !== null || this.#clock.now() < this.#notBefore) return this.#open
    const since = this.#clock.now()
    const open = new OpenSession(this.#command, () => {
      if (this.#open === open) this.#open = null
      const now = this.#clock.now()
      if (now - since >= LASTING_MS) this.#backoff.reset()
      if (!open.isEnding) this.#notBefore = now + this.#backoff.next()
    })
    this.#open = open
    return open
  }
}

/** One process. */
class OpenSession {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #asked: Asked[] = []
  readonly #closed: Promise<void>
  #heard = ''
  #hasEnded = false
  scripts = 0
  isEnding = false

  constructor([file, ...before]: Command, onEnd: () => void) {
    this.#child = spawn(file, [...before, '-i'], { stdio: 'pipe', env: TOOL_ENVIRONMENT })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#closed = promise
    // Nothing is asked whose answer is printed there; unread it would stop the process.
    this.#child.stdout.resume()
    this.#child.stderr.setEncoding('utf8')
    this.#child.stderr.on('data', (text: string) => this.#hear(text))
    this.#child.stdin.on('error', () => {})
    const ended = (): void => {
      if (this.#hasEnded) return
      this.#hasEnded = true
      onEnd()
      for (const { failed } of this.#asked.splice(0)) failed(new SessionEnded('nft ended'))
      resolve()
    }
    this.#child.on('error', ended)
    this.#child.on('close', ended)
  }

  /** Its number; undefined: it could not be started. */
  get process(): number | undefined {
    return this.#child.pid
  }

  /** What nft complains of in a line; null: it was carried out. */
  async run(line: string): Promise<string | null> {
    if (this.#hasEnded) throw new SessionEnded('nft has ended')
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const mark = `warder-done-${++this.scripts}`
    this.#asked.push({ mark, done: resolve, failed: reject })
    const late = setTimeout(() => {
      reject(new FirewallError(`nft did not finish within ${TIME_LIMIT_MS / 1_000} s`, true))
      this.#child.kill('SIGKILL')
    }, TIME_LIMIT_MS)
    this.#child.stdin.write(`${line}\n${mark}\n`)
    const complaint = await promise.finally(() => clearTimeout(late))
    return /\bError: /.test(complaint) ? complaint : null
  }

  /** Lets it finish what it was given. */
  async end(): Promise<void> {
    this.isEnding = true
    this.#child.stdin.end()
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 1_000)
    await this.#closed
    clearTimeout(late)
  }

  #hear(text: string): void {
    this.#heard += text
    for (let first = this.#asked[0]; first !== undefined; first = this.#asked[0]) {
      const at = this.#heard.indexOf(`\n${first.mark}\n`)
      if (at < 0) return
      this.#asked.shift()
      // In front of the mark stands that it is no statement; what the last one left behind is the arrow to it.
      const before = this.#heard.slice(0, this.#heard.lastIndexOf('\n', at - 1) + 1)
      this.#heard = this.#heard.slice(at + first.mark.length + 2)
      first.done(before.replace(/^ *\^+\n/, ''))
    }
  }
}
