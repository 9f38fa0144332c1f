import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** An element of a set in the kernel: family, table, set, address. */
export type Element = readonly [string, string, string, string]

/** Where a program puts the addresses that it bans. */
export type SetOf = (ip: string) => Element

/** Writes log lines and looks into the kernel's sets on one clock, from inside a network namespace. */
export class Probe implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>

  /** `on` makes a command run where it is to look. */
  constructor(on: (command: readonly string[]) => readonly string[]) {
    const [file = '', ...args] = on(['python3', join(import.meta.dirname, 'probe.py')])
    this.#child = spawn(file, args)
    this.#child.stderr.pipe(process.stderr)
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Appends text to a file → milliseconds until all elements are in the kernel; null: not within the limit. */
  async file(path: string, text: string, { wait, limit }: Waiting): Promise<number | null> {
    return numberIn(await this.#ask({ do: 'file', path, text, wait, limit }), 'ms')
  }

  /** Writes messages to the journal → milliseconds until the element is there, and until a reader of the journal has the last. */
  async journal(
    texts: readonly string[],
    { wait, limit }: Waiting,
  ): Promise<{ ms: number; journal: number } | null> {
    const answer = await this.#ask({ do: 'journal', texts, wait, limit })
    const [ms, journal] = [numberIn(answer, 'ms'), numberIn(answer, 'journal_ms')]
    return ms === null || journal === null ? null : { ms, journal }
  }

  /** How many of the elements are not there. */
  async missing(wait: readonly Element[]): Promise<number> {
    return numberIn(await this.#ask({ do: 'has', wait }), 'missing') ?? Number.NaN
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  async #ask(order: unknown): Promise<Readonly<Record<string, unknown>>> {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`)
    const { value, done } = await this.#answers.next()
    if (done === true) throw new Error('the probe ended')
    return JSON.parse(value) as Record<string, unknown>
  }
}

/** What is waited for, at most how many seconds. */
export interface Waiting {
  readonly wait: readonly Element[]
  readonly limit: number
}

function numberIn(answer: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = answer[name]
  return typeof value === 'number' ? value : null
}
