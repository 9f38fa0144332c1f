import { mapChildren, sequenceOf, someNode, type RegexNode } from '../regex/node.ts'
import { parseRegex } from '../regex/parse.ts'
import { printRegex } from '../regex/print.ts'
import { splitConditionals } from '../regex/variants.ts'
import { expandDirectives, fieldOf } from './directive.ts'

/** One way to look for a date in a line. */
export interface DateForm {
  /** The pattern it was made from. */
  readonly pattern: string
  readonly regex: RegExp
  /** True when it can only stand at the start of a line. */
  readonly anchored: boolean
  /** True: what is left on both sides of it ends at a character that is no part of a word, or at an end of the line. */
  readonly bounded: boolean
  /** The position of the group that is cut out of the line. */
  readonly cut: number
  /** True: the group lies anywhere in the match, and the match says where. False: it ends with the match. */
  readonly inside: boolean
  /** For each field of a date, the positions of the groups that can hold it. */
  readonly fields: ReadonlyMap<string, readonly number[]>
  /** The positions of all of them. */
  readonly positions: readonly number[]
}

/** Where a pattern may stand in a line. */
export type Place =
  /** At the start, behind at most two characters that are no part of a word. */
  | 'line-start'
  /** Anywhere, but not inside a word. */
  | 'free'
  /** As the pattern itself says. */
  | 'as-written'

const CUT = 'cut'
/** Python's numbers of groups are small; this one is ours. */
const CUT_NUMBER = 1_000_000

const LINE_START = parseRegex('^\\W{0,2}')
/** Not between two characters of a word. A look-behind, since V8 runs that in linear time, unlike a look-ahead. */
const EDGE = parseRegex('(?:\\b|(?<!\\w))')

/** At which ends a date must not touch a word. */
export interface Edges {
  readonly start: boolean
  readonly end: boolean
}

/** The first group of the pattern's own, which is the smallest number. */
function ownGroup(tree: RegexNode): number | null {
  let first: number | null = null
  someNode(tree, (node) => {
    if (node.kind === 'group' && (node.name === null || fieldOf(node.name) === null)) {
      first = Math.min(first ?? node.number, node.number)
    }
    return false
  })
  return first
}

function nameGroup(node: RegexNode, number: number): RegexNode {
  const named = node.kind === 'group' && node.number === number ? { ...node, name: CUT } : node
  return mapChildren(named, (child) => nameGroup(child, number))
}

function fieldsOf(names: readonly (string | null)[]): DateForm['fields'] {
  const fields = new Map<string, number[]>()
  for (const [index, name] of names.entries()) {
    const field = name === null ? null : fieldOf(name)
    if (field !== null) fields.set(field, [...(fields.get(field) ?? []), index + 1])
  }
  return fields
}

/** A directive at either end of a pattern begins and ends with a letter or digit. */
const BEGINS_WITH_SIGN = /^(?:TAI64N|%z)/
const BEGINS_IN_WORD = /^\^?(?:%|EPOCH|LEPOCH)/
const ENDS_IN_WORD = /(?:%(?:Ex)?[A-Za-z]|EPOCH)$/

/**
 * A datepattern (directives and Python expression) → the way to look for it. What is cut out of the line is the
 * pattern's own first group, else all of its match. Throws RegexProblem when it is not an expression.
 */
export function makeForm(pattern: string, place: Place, edges: Edges = { start: true, end: true }): DateForm {
  const tree = splitConditionals(parseRegex(expandDirectives(pattern)))
  const own = ownGroup(tree)
  const date: RegexNode =
    own === null ? { kind: 'group', number: CUT_NUMBER, name: CUT, body: tree } : nameGroup(tree, own)
  const startsLine = pattern.startsWith('^')
  const before =
    place === 'line-start' ? [LINE_START] : place === 'free' && edges.start && !startsLine ? [EDGE] : []
  const after = place !== 'as-written' && edges.end ? [EDGE] : []
  const printed = printRegex(sequenceOf([...before, date, ...after]), 'ascii')
  const fields = fieldsOf(printed.names)
  return {
    pattern,
    regex: new RegExp(printed.source, own === null ? '' : 'd'),
    anchored: place === 'line-start' || startsLine,
    bounded:
      place !== 'as-written' &&
      edges.start &&
      edges.end &&
      own === null &&
      BEGINS_IN_WORD.test(pattern) &&
      ENDS_IN_WORD.test(pattern),
    cut: printed.names.indexOf(CUT) + 1,
    inside: own !== null,
    fields,
    positions: [...fields.values()].flat(),
  }
}

const TIME = '%H:%M:%S'
const FRACTION = '(?:[.,]%f)?'
const ZONE = '(?: ?%z)?'

/**
 * The dates that are known without a datepattern, the likeliest first. Each is looked for at the start of the line,
 * then anywhere; those that begin with `^` at the start only.
 */
const PATTERNS: readonly string[] = [
  // 2026-11-20T09:44:53.123+01:00, 2026-11-20 09:44:53,123
  `(?:%ExY-%m-%d|%ExY/%m/%d|%ExY\\.%m\\.%d)(?:T| {0,2})${TIME}${FRACTION}${ZONE}`,
  // Nov 20 09:44:53, Fri Nov 20 09:44:53.123 2026
  `(?:%a )?%b %d ${TIME}(?:\\.%f)?(?: %ExY)?`,
  // Fri Nov 20 2026 09:44:53
  `(?:%a )?%b %d %ExY ${TIME}(?:\\.%f)?`,
  // 20/11/2026 09:44:53, 20-11-26 09:44:53
  `%d/%m/(?:%ExY|%Exy) ${TIME}`,
  `%d-%m-(?:%ExY|%Exy) ${TIME}`,
  // 20/Nov/2026:09:44:53 +0100, 20-Nov-2026 09:44:53.123
  `(?:%d/%b/%ExY|%d-%b-%ExY)[ :]?${TIME}(?:\\.%f)?${ZONE}`,
  // 20/11/2026:09:44:53 +0100: pveproxy writes the day first, and always its zone
  `%d/%m/%ExY:${TIME} %z`,
  // 11/20/2026:09:44:53
  `%m/%d/%ExY:${TIME}`,
  // 11-20-2026 09:44:53.123
  `%m-%d-%ExY ${TIME}(?:\\.%f)?`,
  // 1795167893.123, [1795167893], audit(1795167893.123:77)
  '^EPOCH',
  '^\\[({EPOCH})\\]',
  '\\baudit\\(({EPOCH}):[0-9]+\\)',
  // 09:44:53
  `^${TIME}`,
  // <11/20/26@09:44:53>
  `^<%m/%d/%Exy@${TIME}>`,
  // 261120  9:44:53
  `%Exy%Exm%Exd  ?${TIME}`,
  // Nov 20, 2026 9:44:53 AM
  '%b %d, %ExY %I:%M:%S %p',
  // Nov-20-26 09:44:53
  `^%b-%d-%Exy ${TIME}`,
  // 20261120T094453, 20261120-09:44:53
  `%ExY%Exm%Exd(?:T|  ?|-)%ExH:?%ExM:?%ExS${FRACTION}${ZONE}`,
  // CET Fri Nov 20 09:44:53 2026
  `(?:%Z )?(?:%a )?%b %d ${TIME}(?:\\.%f)?(?: %ExY)?`,
  // +0100 Fri Nov 20 09:44:53 2026
  `%z (?:%a )?%b %d ${TIME}(?:\\.%f)?(?: %ExY)?`,
  // @4000000042ff0e2f1a2b3c4d
  'TAI64N',
]

/** The dates that can stand where a datepattern says `{DATE}`: those that are no mere number. */
export const EMBEDDED: readonly string[] = PATTERNS.filter((pattern) => pattern.includes('%')).map(
  (pattern) => pattern.replace(/^\^/, ''),
)

let known: readonly DateForm[] | null = null

/** The forms of all patterns that are known by default: those at the start of the line come first. Always the same list. */
export function defaultForms(): readonly DateForm[] {
  if (known !== null) return known
  const anchored = PATTERNS.filter((pattern) => !pattern.startsWith('\\b')).map((pattern) =>
    makeForm(pattern, pattern.startsWith('^') ? 'free' : 'line-start'),
  )
  const free = PATTERNS.filter((pattern) => !pattern.startsWith('^')).map((pattern) =>
    makeForm(pattern, 'free'),
  )
  // Most of them begin and end with a letter or digit, or inside brackets of their own; but a sign can follow a word.
  known = [...anchored, ...free].map((form) => ({
    ...form,
    bounded: form.anchored || !BEGINS_WITH_SIGN.test(form.pattern),
  }))
  return known
}
