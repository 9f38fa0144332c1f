import type { CompiledFilter, FilterDefinition } from '@warder/core'
import { finishesWithin } from '../engine/guard.ts'

/** For the lines of one piece of a log; they take milliseconds. */
const PIECE_LIMIT_MS = 1_000
/** For one line, when the guilty one is looked for. */
const LINE_LIMIT_MS = 250
/** After so many lines that take too long the expressions are given up. */
const MOST_LATE = 10

/** What became of a line. */
export type Timed<Result> = { readonly done: true; readonly result: Result } | { readonly done: false }

/** Does the same with every line of a log, and leaves out the lines with which it takes too long. */
export class WithinTime<Line, Result> {
  readonly #work: (line: Line) => Result
  #late = 0

  constructor(work: (line: Line) => Result) {
    this.#work = work
  }

  /** Whether too many lines took too long to go on. */
  get isHopeless(): boolean {
    return this.#late >= MOST_LATE
  }

  /** The results of lines, in their order; of fewer lines than were given only when it is hopeless. */
  run(lines: readonly Line[]): readonly Timed<Result>[] {
    const results: Timed<Result>[] = []
    const next = (): void => {
      const line = lines[results.length]
      if (line !== undefined) results.push({ done: true, result: this.#work(line) })
    }
    const rest = (): void => {
      while (results.length < lines.length) next()
    }
    while (results.length < lines.length && !this.isHopeless) {
      if (finishesWithin(PIECE_LIMIT_MS, rest)) break
      // A machine that stood still looks the same: the line is given a second chance, alone.
      const before = results.length
      if (finishesWithin(LINE_LIMIT_MS, next) || results.length > before) continue
      results.push({ done: false })
      this.#late += 1
    }
    return results
  }
}

/** Which expressions of a filter cannot cope with a text, in words; none where it was not one of them alone. */
export function tooSlowOn(
  filter: CompiledFilter,
  written: FilterDefinition,
  text: string,
): readonly string[] {
  const all = [
    ...(filter.prefregex === null ? [] : [['prefregex', filter.prefregex, written.prefregex ?? ''] as const]),
    ...filter.failregex.map(
      (expression, i) => [`failregex ${i}`, expression, written.failregex[i] ?? ''] as const,
    ),
    ...filter.ignoreregex.map(
      (expression, i) => [`ignoreregex ${i}`, expression, written.ignoreregex[i] ?? ''] as const,
    ),
  ]
  const slow = all.filter(([, expression]) => {
    const search = (): void => void expression.find(`${text}\n`, true)
    return !finishesWithin(LINE_LIMIT_MS, search)
  })
  return slow.map(([option, , shown]) => `${option} "${shown.slice(0, 200)}"`)
}
