import { inZone, readDatepattern, type DateForms, type DatepatternRead } from '../date/pattern.ts'
import { defaultForms } from '../date/template.ts'
import { fixedZone } from '../date/zone.ts'
import { compileExpression, isLinear, type Expression } from '../regex/expression.ts'
import { Dispatch } from './dispatch.ts'
import type { FilterDefinition, JournalMatch } from './definition.ts'
import { joinNeedles, lookFor, type Needle } from '../regex/needed.ts'
import { IDENTIFIERS, replaceTags } from './tags.ts'

/** A filter that can run. */
export interface CompiledFilter {
  readonly name: string
  readonly prefregex: Expression | null
  readonly failregex: readonly Expression[]
  /** Which of them may match a text. */
  readonly dispatch: Dispatch
  readonly ignoreregex: readonly Expression[]
  /** Whether it pays to look at ignoreregex before anything else. */
  readonly ignoresFirst: boolean
  /** The dates that its lines have; those known by default are the same list for all filters. */
  readonly dates: DateForms
  readonly journalmatch: JournalMatch
  /** A line in which this finds nothing cannot match; null where that cannot be told. */
  readonly candidates: RegExp | null
  /** A line as it was written that holds none of these texts cannot match; null where that cannot be told. */
  readonly needed: readonly Needle[] | null
  /** The texts that take it a time that grows with their length alone; for others there has to be a limit. */
  readonly linear: 'all' | 'ascii' | 'none'
  /** So many lines are read together. */
  readonly maxlines: number
  /** The one group by which its expressions name who failed; null where there are several, or parts of networks. */
  readonly identifier: string | null
  /** Whether its lines tell stories (`<F-MLFID>`). */
  readonly tellsStories: boolean
}

/** A compiled filter, or every reason why not, each naming the expression. */
export type FilterCompiled =
  | { readonly ok: true; readonly filter: CompiledFilter }
  | { readonly ok: false; readonly problems: readonly string[] }

/** With so many more failregex than ignoreregex it pays to look at the latter first; fail2ban does so too. */
const IGNORE_FIRST = 3
/** Expressions are shown in problems up to this length. */
const SHOWN = 300
/** Every new line is read together with the ones before it, so their number multiplies the work. */
const MOST_LINES = 100

/** Compiles the expressions of a filter one by one and keeps what is wrong with them. */
class Compiler {
  readonly problems: string[] = []

  /** `severalLines`: `^` and `$` stand at every line of the text, not only around it. */
  compile(option: string, text: string, severalLines = false): Expression | null {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
    const problem = (why: string): null => {
      this.problems.push(`${option} "${shown}": ${why}`)
      return null
    }
    if (text.trim() === '') return problem('it is empty')
    const compiled = compileExpression(replaceTags(text), severalLines)
    return compiled.ok ? compiled.expression : problem(compiled.problem)
  }

  all(option: string, texts: readonly string[], severalLines = false): readonly Expression[] {
    return texts.flatMap((text) => this.compile(option, text, severalLines) ?? [])
  }
}

const identifies = (expression: Expression | null): boolean =>
  expression !== null && IDENTIFIERS.some((name) => expression.groups.has(name))

/** More texts than this are as slow to look for as the expressions themselves. */
const MOST_TEXTS = 64

/**
 * What tells lines that may match from those that cannot: texts of which each failregex, or else prefregex, needs
 * one. Where lines are read together a line of its own says nothing.
 */
function neededBy(
  prefregex: Expression | null,
  failregex: readonly Expression[],
  maxlines: number,
): readonly Needle[] | null {
  if (maxlines > 1) return null
  const needed = failregex.map((expression) => expression.needed)
  const needles = joinNeedles(
    needed.every((each) => each !== null) ? needed.flat() : (prefregex?.needed ?? []),
  )
  return needles.length === 0 || needles.length > MOST_TEXTS ? null : needles
}

function identifierOf(expressions: readonly Expression[]): string | null {
  const named = new Set(expressions.flatMap(({ groups }) => [...groups]))
  const [only, ...others] = ['ip4', 'ip6', 'fid', 'dns', 'cidr'].filter((name) => named.has(name))
  const isPut = [...named].some((name) => name.startsWith('alt_') || name.startsWith('tuple_'))
  return only === undefined || only === 'cidr' || others.length > 0 || isPut ? null : only
}

/** Which texts all parts of a filter cope with, however they are made. */
function linearOf(expressions: readonly Expression[], dates: DateForms): CompiledFilter['linear'] {
  const areDatesLinear = (wide: boolean): boolean =>
    dates.every((form) => isLinear(new RegExp(form.regex(wide).source)))
  if (!areDatesLinear(false)) return 'none'
  if (expressions.some((expression) => !expression.isLinear(false))) return 'none'
  return areDatesLinear(true) && expressions.every((expression) => expression.isLinear(true))
    ? 'all'
    : 'ascii'
}

function datesOf({ datepattern, logtimezone }: FilterDefinition): DatepatternRead {
  const read = readDatepattern(datepattern)
  if (logtimezone === undefined || !read.ok) return read
  const zone = fixedZone(logtimezone)
  if (zone === null) return { ok: false, problems: [`logtimezone "${logtimezone.slice(0, 100)}" is no zone`] }
  return { ok: true, forms: inZone(read.forms, zone) }
}

/**
 * A filter's text → compiled expressions and date forms. Never throws: what cannot be used is a problem in words,
 * and all problems are told at once.
 */
export function compileFilter(definition: FilterDefinition): FilterCompiled {
  const compiler = new Compiler()
  const prefregex =
    definition.prefregex === undefined ? null : compiler.compile('prefregex', definition.prefregex)
  const failregex = compiler.all('failregex', definition.failregex, definition.maxlines > 1)
  const ignoreregex = compiler.all('ignoreregex', definition.ignoreregex)
  const dates = datesOf(definition)
  const problems = [...compiler.problems, ...(dates.ok ? [] : dates.problems)]
  if (definition.failregex.length === 0) problems.push('failregex: there is none, so nothing can match')
  if (definition.maxlines > MOST_LINES) {
    problems.push(`maxlines = ${definition.maxlines}: at most ${MOST_LINES} lines are read together`)
  }
  for (const expression of identifies(prefregex) ? [] : failregex) {
    if (!identifies(expression)) {
      problems.push(`failregex "${expression.text.slice(0, SHOWN)}": it captures no address; add <HOST>`)
    }
  }
  if (problems.length > 0 || !dates.ok) {
    return { ok: false, problems: problems.map((problem) => `filter ${definition.name}: ${problem}`) }
  }
  const { name, journalmatch, maxlines } = definition
  const needed = neededBy(prefregex, failregex, maxlines)
  const isBounded = dates.forms.every((form) => form.bounded || defaultForms().includes(form))
  const all = [...(prefregex === null ? [] : [prefregex]), ...failregex, ...ignoreregex]
  return {
    ok: true,
    filter: {
      name,
      prefregex,
      failregex,
      dispatch: new Dispatch(failregex),
      ignoreregex,
      ignoresFirst: ignoreregex.length > 0 && failregex.length - ignoreregex.length >= IGNORE_FIRST,
      dates: dates.forms,
      journalmatch,
      candidates: needed === null ? null : lookFor(needed.map(({ text }) => text)),
      needed: isBounded ? needed : null,
      linear: linearOf(all, dates.forms),
      maxlines,
      identifier: identifierOf(all),
      tellsStories: all.some(({ groups }) => groups.has('mlfid')),
    },
  }
}
