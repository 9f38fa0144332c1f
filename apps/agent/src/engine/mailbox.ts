import type { Logger } from '@warder/daemon'

interface Parts {
  readonly log: Logger
  /** Resolves when what tasks left under way is done. */
  readonly settled: () => Promise<void>
}

/** Tasks that are done one after the other. */
export class Mailbox {
  readonly #parts: Parts
  /** Tasks of the clock that wait already. */
  readonly #queued = new Set<() => Promise<void>>()
  #waiting = 0
  #tail: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Tasks that wait or are being done. */
  get waiting(): number {
    return this.#waiting
  }

  /** Puts a task at the end; it begins when all is done that came before, whether or not that succeeded. */
  next<T>(task: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      await this.#parts.settled()
      return task()
    })
  }

  /** The same for a task that waits by itself for what is under way, when it needs it. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    this.#waiting++
    const result = this.#tail.then(task)
    this.#tail = result
      .catch((err: unknown) => this.#parts.log.error({ code: 'loop.broken', err }, 'a step failed'))
      .finally(() => this.#waiting--)
    return result
  }

  /** The same as `next` for a task of the clock, unless it waits there already. */
  soon(task: () => Promise<void>): void {
    if (this.#queued.has(task)) return
    this.#queued.add(task)
    void this.next(async () => {
      this.#queued.delete(task)
      await task()
    })
  }
}
