import type { Clock, Logger } from '@warder/daemon'
import type { Upkeep } from '../storage/storage.ts'

/** How long events wait for others to be taken in with them (ms), and how many are taken in one step. */
const WAIT_MS = 1_000
const STEP = 500
/** What everybody else gets between two steps (ms). */
const PAUSE_MS = 20

export interface IndexingParts {
  readonly clock: Clock
  readonly log: Logger
  readonly upkeep: Upkeep
}

/** Takes events into the index of words, a moment after they came. Begins with what was left when the server stopped. */
export class Indexing {
  readonly #parts: IndexingParts
  #next: Disposable | null = null
  #stopped = false

  constructor(parts: IndexingParts) {
    this.#parts = parts
    setImmediate(() => this.#step())
  }

  /** There are new events. */
  wake(): void {
    this.#next ??= this.#parts.clock.after(WAIT_MS, () => this.#step())
  }

  stop(): void {
    this.#stopped = true
    this.#next?.[Symbol.dispose]()
  }

  #step(): void {
    const { clock, log, upkeep } = this.#parts
    this.#next = null
    if (this.#stopped) return
    try {
      if (upkeep.indexWords(STEP) === STEP) this.#next = clock.after(PAUSE_MS, () => this.#step())
    } catch (err) {
      log.error({ err }, 'events could not be taken into the index of words')
    }
  }
}
