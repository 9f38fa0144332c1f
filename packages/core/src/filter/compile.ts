import { readDatepattern, type DateForms } from '../date/pattern.ts'
import { compileExpression, type Expression } from '../regex/expression.ts'
import type { FilterDefinition, JournalMatch } from './definition.ts'
import { IDENTIFIERS, replaceTags, skipsLines } from './tags.ts'

/** A filter that can run. */
export interface CompiledFilter {
  readonly name: string
  readonly prefregex: Expression | null
  readonly failregex: readonly Expression[]
  readonly ignoreregex: readonly Expression[]
  /** The dates that its lines have; those known by default are the same list for all filters. */
  readonly dates: DateForms
  readonly journalmatch: JournalMatch
}

/** A compiled filter, or every reason why not, each naming the expression. */
export type FilterCompiled =
  | { readonly ok: true; readonly filter: CompiledFilter }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Expressions are shown in problems up to this length. */
const SHOWN = 300

/** Compiles the expressions of a filter one by one and keeps what is wrong with them. */
class Compiler {
  readonly problems: string[] = []

  compile(option: string, text: string): Expression | null {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
    const problem = (why: string): null => {
      this.problems.push(`${option} "${shown}": ${why}`)
      return null
    }
    if (text.trim() === '') return problem('it is empty')
    if (skipsLines(text)) return problem('<SKIPLINES> reads several lines together, which is not supported')
    const compiled = compileExpression(replaceTags(text))
    return compiled.ok ? compiled.expression : problem(compiled.problem)
  }

  all(option: string, texts: readonly string[]): readonly Expression[] {
    return texts.flatMap((text) => this.compile(option, text) ?? [])
  }
}

const identifies = (expression: Expression | null): boolean =>
  expression !== null && IDENTIFIERS.some((name) => expression.groups.has(name))

/**
 * A filter's text → compiled expressions and date forms. Never throws: what cannot be used is a problem in words,
 * and all problems are told at once.
 */
export function compileFilter(definition: FilterDefinition): FilterCompiled {
  const compiler = new Compiler()
  const prefregex =
    definition.prefregex === undefined ? null : compiler.compile('prefregex', definition.prefregex)
  const failregex = compiler.all('failregex', definition.failregex)
  const ignoreregex = compiler.all('ignoreregex', definition.ignoreregex)
  const dates = readDatepattern(definition.datepattern)
  const problems = [...compiler.problems, ...(dates.ok ? [] : dates.problems)]
  if (definition.failregex.length === 0) problems.push('failregex: there is none, so nothing can match')
  if (definition.maxlines > 1) {
    problems.push(`maxlines = ${definition.maxlines}: reading several lines together is not supported`)
  }
  for (const expression of identifies(prefregex) ? [] : failregex) {
    if (!identifies(expression)) {
      problems.push(`failregex "${expression.text.slice(0, SHOWN)}": it captures no address; add <HOST>`)
    }
  }
  if (problems.length > 0 || !dates.ok) {
    return { ok: false, problems: problems.map((problem) => `filter ${definition.name}: ${problem}`) }
  }
  const { name, journalmatch } = definition
  return { ok: true, filter: { name, prefregex, failregex, ignoreregex, dates: dates.forms, journalmatch } }
}
