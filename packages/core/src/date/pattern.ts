import { RegexProblem } from '../regex/parse-escape.ts'
import type { ZoneOffset } from './zone.ts'
import { defaultForms, EMBEDDED, makeForm, type DateForm, type Edges } from './template.ts'

/** What dates a filter's lines have: forms to look for in this order, or none at all. */
export type DateForms = readonly DateForm[] & {
  /** The zone of dates that name none; absent: that of the node. */
  readonly zone?: ZoneOffset
}

/** The same forms for filters whose lines are in a zone of their own, which share no dates with others. */
export const inZone = (forms: DateForms, zone: ZoneOffset): DateForms => Object.assign([...forms], { zone })

/** A datepattern that can be used, or why not, in words. */
export type DatepatternRead =
  | { readonly ok: true; readonly forms: DateForms }
  | { readonly ok: false; readonly problems: readonly string[] }

const AT_LINE_START = '{^LN-BEG}'
const UNBOUND = '{UNB}'
const DEFAULTS = '{DEFAULT}'
const NO_DATES = '{NONE}'
const INSIDE = '{DATE}'

/** One line of a datepattern → its forms. Throws RegexProblem. */
function formsOf(line: string): DateForms {
  if (line === DEFAULTS) return defaultForms()
  if (line === AT_LINE_START) return defaultForms().filter((form) => form.anchored)
  if (line.includes(INSIDE))
    return EMBEDDED.flatMap((date) => formsOf(line.replace(INSIDE, () => `(?:${date})`)))
  if (line.startsWith(UNBOUND)) return [makeForm(line.slice(UNBOUND.length), 'as-written')]
  if (line.startsWith(AT_LINE_START)) return [makeForm(line.slice(AT_LINE_START.length), 'line-start')]
  const edges: Edges = { start: !line.startsWith('**'), end: !line.endsWith('**') }
  return [makeForm(line.replace(/^\*\*|\*\*$/g, ''), 'free', edges)]
}

/** A form, or the problem with it: a pattern is an expression, so V8 may refuse it as well. */
function readLine(line: string): DateForms | string {
  try {
    return formsOf(line)
  } catch (error) {
    if (error instanceof RegexProblem || error instanceof SyntaxError) return error.message
    throw error
  }
}

/** As in fail2ban a form that stands among several is known by its pattern, and the first one of a pattern stays. */
function withoutRepeats(forms: DateForms): DateForms {
  const patterns = new Set<string>()
  return forms.filter(({ pattern }) => !patterns.has(pattern) && patterns.add(pattern))
}

/**
 * A filter's datepattern, one pattern a line, with its percent signs as in strptime (`%Y-%m-%d %H:%M:%S`) → the
 * forms to look for. Without one: those known by default. `{NONE}`: no forms, so that no date is looked for.
 */
export function readDatepattern(datepattern: string | undefined): DatepatternRead {
  const lines = (datepattern ?? '').split('\n').map((line) => line.trim())
  const patterns = lines.filter((line) => line !== '')
  if (patterns.length === 0) return { ok: true, forms: defaultForms() }
  if (patterns.includes(NO_DATES)) return { ok: true, forms: [] }
  const read = patterns.map((line) => ({ line, forms: readLine(line) }))
  const problems = read.flatMap(({ line, forms }) =>
    typeof forms === 'string' ? [`datepattern "${line.slice(0, 200)}": ${forms}`] : [],
  )
  if (problems.length > 0) return { ok: false, problems }
  const forms = read.flatMap((one) => (typeof one.forms === 'string' ? [] : one.forms))
  const [only] = read
  if (read.length === 1 && only !== undefined && typeof only.forms !== 'string')
    return { ok: true, forms: only.forms }
  return { ok: true, forms: withoutRepeats(forms) }
}
