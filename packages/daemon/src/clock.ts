/** The only way to the time in a process: handed in, so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number
  /** Runs `task` once after `ms`; dispose to cancel. Does not keep the process alive by itself. */
  after(ms: number, task: () => void): Disposable
  /** Runs `task` every `ms`; dispose to stop. */
  every(ms: number, task: () => void): Disposable
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
  every(ms, task) {
    const timer = setInterval(task, ms)
    return { [Symbol.dispose]: () => clearInterval(timer) }
  },
}

interface Due {
  at: number
  readonly order: number
  readonly task: () => void
  readonly every: number | null
}

/** A clock that stands still until it is moved: tasks run in order of their time while it moves. */
export class ManualClock implements Clock {
  #now: number
  #order = 0
  readonly #due = new Set<Due>()

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, task: () => void): Disposable {
    return this.#add({ at: this.#now + ms, order: this.#order++, task, every: null })
  }

  every(ms: number, task: () => void): Disposable {
    return this.#add({ at: this.#now + ms, order: this.#order++, task, every: ms })
  }

  /** Moves the clock on by `ms`, running what falls due. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = [...this.#due]
        .filter((due) => due.at <= end)
        .toSorted((a, b) => a.at - b.at || a.order - b.order)[0]
      if (!next) break
      this.#now = Math.max(this.#now, next.at)
      if (next.every === null) this.#due.delete(next)
      else next.at += next.every
      next.task()
    }
    this.#now = end
  }

  #add(due: Due): Disposable {
    this.#due.add(due)
    return { [Symbol.dispose]: () => this.#due.delete(due) }
  }
}
