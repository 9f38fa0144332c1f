import { repeatedName } from '../regex/node.ts'
import { parseRegex } from '../regex/parse.ts'
import { RegexProblem } from '../regex/parse-escape.ts'
import { expandDirectives } from './directive.ts'
import { DateForm, defaultForms, makeForm, PATTERNS, withFlagsFirst, wordOf } from './template.ts'
import type { ZoneOffset } from './zone.ts'

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
const DEFAULTS = '{DEFAULT}'
const NO_DATES = '{NONE}'
/** Matches nothing at the line start: a line without a date of its own. */
const NOTHING = '{UNB}^'
const INSIDE = /(?<!\\)\{DATE\}/gi
const EDGES = /^\{(?:UNB|\^LN-BEG)\}/

/** A date that is known by default, to be put inside another pattern. The number is called by its name there. */
const EMBEDDED: readonly string[] = PATTERNS.map((pattern) => pattern.replace(EDGES, ''))

/** As in Python no two groups may have the same name, and so no directive may come twice. */
function refuseRepeats(line: string): void {
  const repeated = repeatedName(parseRegex(withFlagsFirst(expandDirectives(line))))
  if (repeated !== null) throw new RegexProblem(`it says ${repeated} twice`)
}

/** One line of a datepattern → its forms. Throws RegexProblem. */
function formsOf(line: string): DateForms {
  const word = wordOf(line)
  if (word === AT_LINE_START) return defaultForms().filter((form) => form.anchored)
  // Alone it is the same as no pattern; beside others fail2ban looks for none of them.
  if (word === DEFAULTS) return []
  if (word === NO_DATES) return [makeForm(NOTHING)]
  refuseRepeats(line.replaceAll(INSIDE, '').replaceAll('**', ''))
  if (word.includes('{DATE}')) return EMBEDDED.map((date) => makeForm(line.replaceAll(INSIDE, () => date)))
  return [makeForm(line)]
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

/** Whether a line names forms that are known by default, which are left out where an earlier line has them already. */
const isOfDefaults = (line: string): boolean => {
  const word = wordOf(line)
  return word === AT_LINE_START || word.includes('{DATE}')
}

/** Collects forms, each known by its name. */
class Collected {
  readonly forms: DateForm[] = []
  readonly problems: string[] = []
  readonly #names = new Set<string>()

  add(line: string, forms: DateForms): void {
    for (const form of forms) {
      if (!this.#names.has(form.name)) this.forms.push(form)
      else if (!isOfDefaults(line)) this.problems.push(`datepattern "${line.slice(0, 200)}" is there twice`)
      this.#names.add(form.name)
    }
  }
}

/**
 * A filter's datepattern, one pattern a line, with its percent signs as in strptime (`%Y-%m-%d %H:%M:%S`) → the
 * forms to look for. Without one: those known by default. `{NONE}`: no forms, so that no date is looked for.
 */
export function readDatepattern(datepattern: string | undefined): DatepatternRead {
  const lines = (datepattern ?? '').split('\n').map((line) => line.trim())
  const patterns = lines.filter((line) => line !== '')
  const [only] = patterns
  if (patterns.length === 1 && only !== undefined && wordOf(only) === NO_DATES) return { ok: true, forms: [] }
  const collected = new Collected()
  for (const line of patterns) {
    const forms = readLine(line)
    if (typeof forms === 'string') collected.problems.push(`datepattern "${line.slice(0, 200)}": ${forms}`)
    else collected.add(line, forms)
  }
  const { forms, problems } = collected
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, forms: forms.length === 0 ? defaultForms() : forms }
}
