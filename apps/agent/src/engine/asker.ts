import type { Answer, Effect, Failure } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import { Desk } from './desk.ts'
import type { Exit } from './run-program.ts'

type Ask = Extract<Effect, { kind: 'ask' }>

const NAMES = { atOnce: 8, waiting: 1_000, keptMs: 300_000, kept: 1_000 }
const COMMANDS = { atOnce: 4, waiting: 1_000, keptMs: 0, kept: 2_000 }
/** That there is too much to ask is told so often at most. */
const SILENCE_MS = 60_000

interface Parts {
  readonly clock: Clock
  readonly log: Logger
  /** The addresses of a host; none where nobody knows it. Never rejects. */
  readonly lookUp: (name: string) => Promise<readonly string[]>
  /** Runs a program to its end. Never rejects. */
  readonly run: (argv: readonly string[]) => Promise<Exit>
  readonly onAnswer: (failure: Failure, answer: Answer) => void
}

/** Finds out what the engine asks, while it goes on with other lines. */
export class Asker {
  readonly #parts: Parts
  readonly #names: Desk<readonly string[]>
  readonly #commands: Desk<boolean>
  #toldAt = -Infinity

  constructor(parts: Parts) {
    const { clock, lookUp } = parts
    this.#parts = parts
    this.#names = new Desk({ clock, work: lookUp, ...NAMES })
    this.#commands = new Desk({ clock, work: (argv) => this.#isIgnored(argv), ...COMMANDS })
  }

  /** Asks; the answer comes later, or never where a name is asked for while too many are. */
  ask({ question, failure }: Ask): void {
    if (question.kind === 'addresses') {
      const addresses = this.#names.ask(question.name)
      if (addresses === null)
        return this.#complain('too many names are looked up; some failures do not count')
      void addresses.then((found) => this.#answer(failure, { kind: 'addresses', addresses: found }))
      return
    }
    const ignored = this.#commands.ask(JSON.stringify(question.argv))
    if (ignored === null) {
      this.#complain('the ignorecommand does not keep up; failures count without it')
      return this.#answer(failure, { kind: 'ignored', isIgnored: false })
    }
    void ignored.then((isIgnored) => this.#answer(failure, { kind: 'ignored', isIgnored }))
  }

  #answer(failure: Failure, answer: Answer): void {
    this.#parts.onAnswer(failure, answer)
  }

  /** 0 says that a failure does not count, 1 that it does; all else is a fault of the command, and it counts. */
  async #isIgnored(argv: string): Promise<boolean> {
    const command = JSON.parse(argv) as readonly string[]
    const exit = await this.#parts.run(command)
    if (exit.code === 0) return true
    if (exit.code !== 1)
      this.#parts.log.error(
        { code: 'ignorecommand.failed', path: command[0], reason: exit.reason },
        'an ignorecommand failed, so what it was asked about counts',
      )
    return false
  }

  #complain(message: string): void {
    const now = this.#parts.clock.now()
    if (now - this.#toldAt < SILENCE_MS) return
    this.#toldAt = now
    this.#parts.log.warn({ code: 'asker.busy' }, message)
  }
}
