import type { LogLine } from '@warder/core'

/** How many lines are kept for a reader that is away: 45 s of a flood. */
const KEPT_LINES = 50_000

/** Lines after a number, and the number of the last of them. */
export interface Stretch {
  readonly lines: readonly LogLine[]
  readonly last: number
}

/** One log of a simulated machine: its journal or a file. Lines are numbered from 1; the oldest are forgotten. */
export class NodeLog {
  #lines: LogLine[] = []
  /** Lines from before the first: nobody who follows the log reads them. */
  #older: readonly LogLine[] = []
  /** The number of the first line that is kept. */
  #first = 1
  readonly #watchers = new Set<() => void>()

  /** What the log held before anybody followed it. */
  begin(lines: readonly LogLine[]): void {
    this.#older = lines
  }

  append(lines: readonly LogLine[]): void {
    for (const line of lines) this.#lines.push(line)
    // Cut seldom and much: moving an array for each line would cost more than the lines.
    const tooMany = this.#lines.length - KEPT_LINES
    if (tooMany > KEPT_LINES / 4) {
      this.#lines = this.#lines.slice(tooMany)
      this.#first += tooMany
    }
    for (const wake of this.#watchers) wake()
  }

  /** At most `limit` lines after the one with the number `after`; without new lines, none. */
  after(after: number, limit: number): Stretch {
    const from = Math.max(0, after + 1 - this.#first)
    const lines = this.#lines.slice(from, from + limit)
    return { lines, last: lines.length === 0 ? after : this.#first + from + lines.length - 1 }
  }

  /** The last lines that fit, oldest first. */
  last(limit: number, fits: (line: LogLine) => boolean): readonly LogLine[] {
    const found: LogLine[] = []
    for (const lines of [this.#lines, this.#older]) {
      for (let at = lines.length - 1; at >= 0 && found.length < limit; at--) {
        const line = lines[at]
        if (line !== undefined && fits(line)) found.push(line)
      }
    }
    return found.reverse()
  }

  /** Calls `wake` after every append; dispose to stop. */
  watch(wake: () => void): Disposable {
    this.#watchers.add(wake)
    return { [Symbol.dispose]: () => this.#watchers.delete(wake) }
  }
}
