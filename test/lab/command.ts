import { execFile, spawn, type ChildProcess } from 'node:child_process'

/** A finished command: its exit code (null when killed) and what it printed. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface RunOptions {
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
  /** A minute where absent. */
  readonly limitMs?: number
}

/** Runs a command to its end, within its limit; never throws for a non-zero exit. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      command[0]!,
      command.slice(1),
      {
        timeout: options.limitMs ?? 60_000,
        maxBuffer: 32 * 1024 * 1024,
        env: { ...process.env, ...options.env },
      },
      (err, stdout, stderr) => {
        const code = err ? (typeof err.code === 'number' ? err.code : null) : 0
        resolve({ code, stdout, stderr: err && !stderr ? err.message : stderr })
      },
    )
    // A command that reads nothing may be gone before it is written to.
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input ?? '')
  })
}

/** Runs a command that has to succeed; its output is the answer. */
export async function must(command: readonly string[], options?: RunOptions): Promise<string> {
  const done = await run(command, options)
  if (done.code !== 0)
    throw new Error(`${command.join(' ')} ended with ${done.code}: ${done.stderr || done.stdout}`)
  return done.stdout
}

/** A process that runs beside the test, with all it printed so far. */
export class Companion {
  readonly #child: ChildProcess
  readonly #chunks: string[] = []
  readonly ended: Promise<number | null>
  #hasEnded = false

  constructor(command: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#chunks.push(chunk.toString('utf8')))
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#chunks.push(chunk.toString('utf8')))
    this.ended = new Promise((resolve) => {
      this.#child.on('exit', (code) => {
        this.#hasEnded = true
        resolve(code)
      })
      this.#child.on('error', () => resolve(null))
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Waits until it printed this; an error with all it printed when it ends before, or takes too long. */
  async prints(what: string, limitMs: number): Promise<void> {
    const outcome = await until(
      what,
      async () => (this.output.includes(what) ? 'printed' : this.#hasEnded && 'ended'),
      limitMs,
    ).catch(() => 'late')
    if (outcome !== 'printed') throw new Error(`waited for "${what}", which is ${outcome}:\n${this.output}`)
  }

  get output(): string {
    return this.#chunks.join('')
  }

  /** Ends it and waits for its end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#child.kill(signal)
    await this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const forced = setTimeout(() => this.#child.kill('SIGKILL'), 5_000)
    await this.end()
    clearTimeout(forced)
  }
}

/** Asks again and again until the answer is there; the error names what was waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
