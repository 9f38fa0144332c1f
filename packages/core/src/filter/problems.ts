import { compileFilter } from './compile.ts'
import type { FilterDefinition } from './definition.ts'

/** What is wrong with one option of a filter. */
export interface OptionProblem {
  readonly option: 'prefregex' | 'failregex' | 'ignoreregex' | 'datepattern' | 'filter'
  /** Which of several expressions, counted from 0. */
  readonly index: number
  readonly message: string
}

const ANYBODY = '^<HOST>$'

/** All that keeps a filter from running, each with its place. Empty: it compiles. */
export function filterProblems(definition: FilterDefinition): readonly OptionProblem[] {
  const whole = compileFilter(definition)
  if (whole.ok) return []
  const { prefregex, datepattern, maxlines } = definition
  const bare = {
    name: 'x',
    failregex: [ANYBODY],
    ignoreregex: [],
    maxlines: Math.min(maxlines, 100),
    journalmatch: [],
  }
  const look = (option: OptionProblem['option'], index: number, part: object): readonly OptionProblem[] => {
    const tried = compileFilter({ ...bare, ...part })
    return tried.ok ? [] : [{ option, index, message: inShort(tried.problems[0] ?? '', option) }]
  }
  const outer = prefregex === undefined ? [] : look('prefregex', 0, { prefregex })
  const around = prefregex === undefined || outer.length > 0 ? {} : { prefregex }
  const placed = [
    ...outer,
    ...definition.failregex.flatMap((one, index) =>
      look('failregex', index, { ...around, failregex: [one] }),
    ),
    ...definition.ignoreregex.flatMap((one, index) => look('ignoreregex', index, { ignoreregex: [one] })),
    ...(datepattern === undefined ? [] : look('datepattern', 0, { datepattern })),
  ]
  if (placed.length > 0) return placed
  return whole.problems.map((problem) => ({
    option: 'filter',
    index: 0,
    message: inShort(problem, 'filter'),
  }))
}

/** `filter x: failregex "…": why` → `why`: the place is known. */
function inShort(problem: string, option: string): string {
  const text = problem.slice(problem.indexOf(': ') + 2)
  const end = text.startsWith(`${option} "`) ? text.lastIndexOf('": ') : -1
  return end < 0 ? text : text.slice(end + 3)
}
