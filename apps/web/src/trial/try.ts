import {
  compileFilter,
  filterProblems,
  JOURNAL,
  makeHighlighter,
  type FilterDefinition,
  type Highlight,
  type LogLine,
  type OptionProblem,
} from '@warder/core'
import type { TriedLine } from './lines.ts'

/** A filter, and lines to try it on. */
export interface Task {
  readonly definition: FilterDefinition
  readonly lines: readonly TriedLine[]
  /** The zone of dates that name none, in minutes ahead of UTC; null: that of this device. */
  readonly zone: number | null
  readonly now: number
}

/** What a trial tells, step by step. */
export type Step =
  | { readonly kind: 'problems'; readonly problems: readonly OptionProblem[] }
  | { readonly kind: 'ready' }
  | { readonly kind: 'line'; readonly highlight: Highlight; readonly ms: number }
  | { readonly kind: 'done' }

/** Where lines without a journal behind them come from, as far as the core needs to know. */
const FILE = '/log'

/**
 * Tries a filter on lines, one step at a time: a line that takes for ever is known by the step that does not come.
 * `clock` gives the time of this moment in ms.
 */
export function* tryLines(
  { definition, lines, zone, now }: Task,
  clock: () => number,
): Generator<Step, void> {
  const compiled = compileFilter(definition)
  if (!compiled.ok) return yield { kind: 'problems', problems: filterProblems(definition) }
  const local = (at: number): number => zone ?? -new Date(at).getTimezoneOffset()
  const highlight = makeHighlighter(compiled.filter, local)
  yield { kind: 'ready' }
  for (const { text, writtenAt } of lines) {
    const from: LogLine =
      writtenAt === null
        ? { source: FILE, text, readAt: now }
        : { source: JOURNAL, text, readAt: now, writtenAt }
    const before = clock()
    const found = highlight(from, now)
    yield { kind: 'line', highlight: found, ms: clock() - before }
  }
  yield { kind: 'done' }
}
