import type { Reply, Effect, Failure, Inquiry } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import { Desk } from './desk.ts'
import type { Exit } from './run-program.ts'

type Ask = Extract<Effect, { kind: 'ask' }>

const NAMES = { atOnce: 8, waiting: 1_000, keptMs: 300_000, kept: 1_000 }
const COMMANDS = { atOnce: 4, waiting: 1_000, keptMs: 0, kept: 2_000 }
/** So many failures may wait for replies: each keeps its line in memory. */
const FAILURES_LIMIT = 5_000
/** That there is too much to ask is told so often at most. */
const SILENCE_MS = 60_000

/** A failure with what was found out about it. */
export interface Replied {
  readonly failure: Failure
  readonly reply: Reply
}

interface Parts {
  readonly clock: Clock
  readonly log: Logger
  /** The addresses of a host; none where nobody knows it. Never rejects. */
  readonly lookUp: (name: string) => Promise<readonly string[]>
  /** Runs a program to its end. Never rejects. */
  readonly run: (argv: readonly string[]) => Promise<Exit>
  /** Told of all that was found out since it was told last. */
  readonly onReplies: (replied: readonly Replied[]) => Promise<void>
}

/** Finds out what the engine asks, while it goes on with other lines. */
export class Asker {
  readonly #parts: Parts
  readonly #names: Desk<readonly string[]>
  readonly #commands: Desk<boolean>
  #toldAt = -Infinity
  /** Failures that wait. */
  #waiting = 0
  #replied: Replied[] = []
  #isTelling = false

  constructor(parts: Parts) {
    const { clock, lookUp } = parts
    this.#parts = parts
    this.#names = new Desk({ clock, work: lookUp, ...NAMES })
    this.#commands = new Desk({ clock, work: (argv) => this.#isIgnored(argv), ...COMMANDS })
  }

  /** Asks; the reply comes later, or never where a name is asked for while too many are. */
  ask({ inquiry, failure }: Ask): void {
    const reply = this.#waiting < FAILURES_LIMIT ? this.#find(inquiry) : null
    if (reply !== null) {
      this.#waiting++
      void reply.then((found) => {
        this.#waiting--
        this.#tell({ failure, reply: found })
      })
    } else if (inquiry.kind === 'ignored') {
      this.#complain('the ignorecommand does not keep up; failures count without it')
      this.#tell({ failure, reply: { kind: 'ignored', isIgnored: false } })
    } else this.#complain('too many names are looked up; some failures do not count')
  }

  #find(inquiry: Inquiry): Promise<Reply> | null {
    if (inquiry.kind === 'addresses') {
      const found = this.#names.ask(inquiry.name)
      return found && found.then((addresses) => ({ kind: 'addresses', addresses }))
    }
    const found = this.#commands.ask(JSON.stringify(inquiry.argv))
    return found && found.then((isIgnored) => ({ kind: 'ignored', isIgnored }))
  }

  /** What comes in while the last replies are dealt with is told together: each time costs a write to the disk. */
  #tell(replied: Replied): void {
    this.#replied.push(replied)
    if (this.#isTelling) return
    this.#isTelling = true
    void this.#tellAll()
  }

  async #tellAll(): Promise<void> {
    try {
      // Those who asked the same hear of it in the same moment.
      await Promise.resolve()
      for (let next = this.#replied; next.length > 0; next = this.#replied) {
        this.#replied = []
        await this.#parts.onReplies(next)
      }
    } finally {
      this.#isTelling = false
    }
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
