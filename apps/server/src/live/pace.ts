import type { Clock } from '@warder/daemon'

/** Runs a task for a key at once, but not again within `everyMs`: what comes in between is one later run. */
export class Pace<K> {
  readonly #clock: Clock
  readonly #everyMs: () => number
  readonly #task: (key: K) => void
  readonly #ranAt = new Map<K, number>()
  readonly #waiting = new Map<K, Disposable>()

  constructor(clock: Clock, everyMs: () => number, task: (key: K) => void) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#task = task
  }

  /** Keys that were touched so far. */
  get size(): number {
    return this.#ranAt.size
  }

  touch(key: K): void {
    if (this.#waiting.has(key)) return
    const wait = (this.#ranAt.get(key) ?? -Infinity) + this.#everyMs() - this.#clock.now()
    if (wait <= 0) return this.#run(key)
    this.#waiting.set(
      key,
      this.#clock.after(wait, () => {
        this.#waiting.delete(key)
        this.#run(key)
      }),
    )
  }

  /** Forgets everything that waits. */
  stop(): void {
    for (const timer of this.#waiting.values()) timer[Symbol.dispose]()
    this.#waiting.clear()
  }

  #run(key: K): void {
    this.#ranAt.set(key, this.#clock.now())
    this.#task(key)
  }
}
