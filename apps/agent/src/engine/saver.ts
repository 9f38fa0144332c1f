import type { Clock, Logger } from '@warder/daemon'
import { StateError, type State } from '../state/state.ts'

const AGAIN_MS = 1_000
/** With so many writes waiting, reading stops until the disk takes them: memory is bounded too. */
const WAITING_LIMIT = 5_000
/** So long, and so much, may wait for what comes at once. */
const HELD_MS = 1_000
const HELD_EFFECTS = 65_000

/** Something to write, whole or not at all. */
export interface Write {
  readonly write: () => void
  /** Called when it is on disk, or when the disk did not take it at the first try. */
  readonly done?: () => void
  /** Something comes at once that can be written together with it: how many effects this has. */
  readonly held?: number
}

/**
 * Writes to the state, each call whole or not at all and all in order. When the disk does not take them they wait
 * in memory while detecting and banning go on; what a kill loses then is read again from the last saved cursor.
 */
export class Saver {
  readonly #state: State
  readonly #clock: Clock
  readonly #log: Logger
  readonly #waiting: Write[] = []
  /** How many of those that wait were tried. */
  #tried = 0
  #held = { effects: 0, since: 0 }
  #ended = false

  constructor(parts: { readonly state: State; readonly clock: Clock; readonly log: Logger }) {
    this.#state = parts.state
    this.#clock = parts.clock
    this.#log = parts.log
  }

  async save(write: Write): Promise<void> {
    this.#waiting.push(write)
    if (this.#holds(write)) return
    this.flush()
    while (this.#waiting.length > WAITING_LIMIT && !this.#ended) {
      const { promise, resolve } = Promise.withResolvers<void>()
      using _ = this.#clock.after(AGAIN_MS, resolve)
      await promise
      this.flush()
    }
  }

  /** Tries what waits, but for what is still held. */
  again(): void {
    if (this.#held.effects === 0 || this.#isLong) this.flush()
  }

  /** Writes what waits. */
  flush(): void {
    this.#held = { effects: 0, since: 0 }
    if (this.#waiting.length === 0) return
    const writes = [...this.#waiting]
    const isNew = writes.slice(this.#tried)
    const failedBefore = this.#tried > 0
    try {
      this.#state.together(() => {
        for (const { write } of writes) write()
      })
      this.#waiting.length = 0
      this.#tried = 0
      if (failedBefore) this.#log.info({ count: writes.length }, 'the state is written again')
    } catch (err) {
      if (!(err instanceof StateError)) {
        // Our mistake: it would fail for ever and take the rest with it.
        this.#waiting.length = 0
        this.#tried = 0
        throw err
      }
      this.#tried = writes.length
      if (!failedBefore) this.#log.error({ code: 'state.unwritable', err }, 'the state cannot be written')
    }
    for (const { done } of isNew) done?.()
  }

  /** Nothing comes any more that something was held for. */
  release(): void {
    if (this.#held.effects > 0) this.flush()
  }

  end(): void {
    this.#ended = true
    this.flush()
  }

  /** Whether it is to wait for what comes at once; not while the disk takes nothing. */
  #holds({ held }: Write): boolean {
    if (held === undefined || this.#tried > 0) return false
    if (this.#held.effects === 0) this.#held.since = this.#clock.now()
    this.#held.effects += held + 1
    return this.#held.effects < HELD_EFFECTS && !this.#isLong
  }

  get #isLong(): boolean {
    return this.#clock.now() - this.#held.since >= HELD_MS
  }
}
