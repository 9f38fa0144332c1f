import type { Clock, Logger } from '@warder/daemon'
import { StateError, type State } from '../state/state.ts'

const AGAIN_MS = 1_000
/** With so many writes waiting, reading stops until the disk takes them: memory is bounded too. */
const WAITING_LIMIT = 5_000

/**
 * Writes to the state, each call whole or not at all and all in order. When the disk does not take them they wait
 * in memory while detecting and banning go on; what a kill loses then is read again from the last saved cursor.
 */
export class Saver {
  readonly #state: State
  readonly #clock: Clock
  readonly #log: Logger
  readonly #waiting: (() => void)[] = []
  #ended = false

  constructor(parts: { readonly state: State; readonly clock: Clock; readonly log: Logger }) {
    this.#state = parts.state
    this.#clock = parts.clock
    this.#log = parts.log
  }

  async save(write: () => void): Promise<void> {
    this.#waiting.push(write)
    this.flush()
    while (this.#waiting.length > WAITING_LIMIT && !this.#ended) {
      const { promise, resolve } = Promise.withResolvers<void>()
      using _ = this.#clock.after(AGAIN_MS, resolve)
      await promise
      this.flush()
    }
  }

  /** Tries what waits. */
  flush(): void {
    if (this.#waiting.length === 0) return
    const writes = [...this.#waiting]
    const failedBefore = writes.length > 1
    try {
      this.#state.together(() => {
        for (const write of writes) write()
      })
      this.#waiting.length = 0
      if (failedBefore) this.#log.info({ count: writes.length }, 'the state is written again')
    } catch (err) {
      if (!(err instanceof StateError)) {
        // Our mistake: it would fail for ever and take the rest with it.
        this.#waiting.length = 0
        throw err
      }
      if (!failedBefore) this.#log.error({ code: 'state.unwritable', err }, 'the state cannot be written')
    }
  }

  end(): void {
    this.#ended = true
    this.flush()
  }
}
