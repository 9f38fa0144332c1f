/** Calls a task once after a time (ms); gives back what calls it off. */
export type After = (ms: number, task: () => void) => () => void

const afterNow: After = (ms, task) => {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

/** Quick enough to be called live, and rare enough that a flood leaves the page time to draw. */
const EVERY_MS = 200

/** Hands on at once what comes rarely; what comes in a flood is gathered and handed on in parts, in its order. */
export class Gather<T> {
  readonly #deliver: (items: readonly T[]) => void
  readonly #after: After
  #waiting: T[] = []
  #stop: (() => void) | null = null

  constructor(deliver: (items: readonly T[]) => void, after: After = afterNow) {
    this.#deliver = deliver
    this.#after = after
  }

  take(items: readonly T[]): void {
    if (items.length === 0) return
    if (this.#stop === null) {
      this.#rest()
      this.#deliver(items)
    } else for (const item of items) this.#waiting.push(item)
  }

  /** Hands on what waits, so that something else can come behind it. */
  flush(): void {
    this.#stop?.()
    this.#stop = null
    this.#hand()
  }

  #rest(): void {
    this.#stop = this.#after(EVERY_MS, () => {
      this.#stop = null
      if (this.#waiting.length > 0) this.#rest()
      this.#hand()
    })
  }

  #hand(): void {
    if (this.#waiting.length === 0) return
    const items = this.#waiting
    this.#waiting = []
    this.#deliver(items)
  }
}
