import { mapChildren, type RegexNode } from '../regex/node.ts'
import { RegexProblem } from '../regex/parse-escape.ts'
import { parseRegex } from '../regex/parse.ts'
import { dependsOnReading, printRegex, type Printed } from '../regex/print.ts'
import { splitConditionals } from '../regex/variants.ts'
import { ANY_ZONE_NAME, EPOCH, expandDirectives, fieldOf, LONG_EPOCH, TAI64N } from './directive.ts'

/** Where a pattern may stand in a line. */
export type Place =
  /** At the start, behind at most two characters that are no part of a word. */
  | 'line-start'
  /** Anywhere, but not inside a word. */
  | 'free'
  /** Anywhere, if only its end is no part of a longer word. */
  | 'free-start'
  /** As the pattern itself says. */
  | 'as-written'

const CUT = 'cut'
/** Python's numbers of groups are small; this one is ours. */
const CUT_NUMBER = 1_000_000

const LINE_START = '^\\W{0,2}'
/** Not between two characters of a word. A look-behind, since V8 runs that in linear time, unlike a look-ahead. */
const EDGE = '(?:\\b|(?<!\\w))'

/** Flags of the whole expression: they go on in front of what is put before it. */
const FLAGS = /(?<!\\)\(\?[a-z]+\)/
const FLAGS_BEFORE_START = /^\(\?[a-z]+\)(?=\^)/
/** A pattern that begins at the line start, or with `**`, wants no other edge there. */
const HAS_OWN_START = /^\(*(?:\(\?\w+\))?(?:\(?(?:\?:)?\^|\(*\*\*)/
const HAS_OWN_END = /(?<!\\)(?:\$\)?|\\[bs]|\*\*\)*)$/
const STARTS_LINE = /^(?:\^|\((?:\?:)?\^(?!\|))/
const ENDS_LINE = /(?<![\\|])\$\)?$/
/** A capturing group without a name. */
const OWN_GROUP = /(?<!\\)(?<!\(\?)\((?!\?)/
const UNBOUND_START = /^(\(*(?:\(\?\w+\))?\(*)\*\*/
const UNBOUND_END = /(?<!\\)\*\*(\)*)$/

/** An expression for dates, and what is known of it before it is compiled. */
interface Written {
  readonly source: string
  readonly anchored: boolean
  readonly endsLine: boolean
  /** The pattern has a group of its own, so that its first group is cut out, and not all of the match. */
  readonly hasGroup: boolean
  /** Edges stand around it, or the start of the line. */
  readonly hasEdges: boolean
}

/** The first flags of an expression, wherever they stand, and what is left without them. */
function takeFlags(expression: string): { flags: string; bare: string } {
  const first = FLAGS.exec(expression)?.[0] ?? ''
  const rest = expression.replace(first, '')
  // A pattern's own ones stand behind those that the names of months bring.
  const more = FLAGS_BEFORE_START.exec(rest)?.[0] ?? ''
  return { flags: first + more, bare: rest.slice(more.length) }
}

/** The expression with its first flags in front, where those of the whole of it belong: `^(?i)x` → `(?i)^x`. */
export function withFlagsFirst(expression: string): string {
  const { flags, bare } = takeFlags(expression)
  return flags + bare
}

/** Puts edges around an expression, and a group where it has none. */
function write(expression: string, place: Place): Written {
  const { flags, bare } = takeFlags(expression.trim())
  if (FLAGS.test(bare)) throw new RegexProblem('flags of the whole expression belong at its start')
  const isBegun = place === 'as-written' || place === 'free-start' || HAS_OWN_START.test(bare)
  const isEnded = place === 'as-written' || HAS_OWN_END.test(bare)
  const hasGroup = OWN_GROUP.test(bare)
  const unmarked = bare.replace(UNBOUND_START, '$1').replace(UNBOUND_END, '$1')
  const grouped = hasGroup ? unmarked : unmarked.replace(/^(\^?)([^]*?)(\$?)$/, `$1(?P<${CUT}>$2)$3`)
  const before = isBegun ? '' : place === 'line-start' ? LINE_START : EDGE
  const edged = `${before}${grouped}${isEnded ? '' : EDGE}`
  return {
    source: flags + edged,
    anchored: before === LINE_START || STARTS_LINE.test(edged),
    endsLine: isEnded && ENDS_LINE.test(edged),
    hasGroup,
    hasEdges:
      place !== 'as-written' && place !== 'free-start' && !isEnded && (!isBegun || STARTS_LINE.test(bare)),
  }
}

/** A directive at either end of a pattern begins and ends with a letter or digit. */
const BEGINS_IN_WORD = /^(?:\{\^LN-BEG\})?\^?%/
const ENDS_IN_WORD = /%(?:Ex)?[A-Za-z]$/

/** One way to look for a date in a line. */
export class DateForm {
  /** What tells it from other forms. */
  readonly name: string
  /** True when it can only stand at the start of a line. */
  readonly anchored: boolean
  /** True when it can only stand at the end of a line. */
  readonly endsLine: boolean
  /** True: what is left on both sides of it ends at a character that is no part of a word, or at an end of the line. */
  readonly bounded: boolean
  /** How much a date of this form counts in the ranking. */
  readonly weight: number
  /** The positions of the groups of which one is cut out of the line. */
  readonly cuts: readonly number[]
  /** True: what is cut lies anywhere in the match, and the match says where. False: it ends with the match. */
  readonly inside: boolean
  /** For each field of a date, the positions of the groups that can hold it. */
  readonly fields: ReadonlyMap<string, readonly number[]>
  /** The positions of all of them. */
  readonly positions: readonly number[]
  /** Whether a date may name a zone, or lack what it takes to be one: some of those make a line not count. */
  readonly isDoubtful: boolean
  readonly #tree: RegexNode
  readonly #ascii: RegExp
  /** Made when the first line with other characters comes. */
  #wide: RegExp | null = null
  /** The same, to look from a position on. */
  readonly #from: (RegExp | null)[] = [null, null]

  constructor(name: string, written: Written, weight = 1) {
    const tree = splitConditionals(parseRegex(written.source))
    this.#tree = written.hasGroup ? wrapFirst(tree) : tree
    const printed = printRegex(this.#tree, 'ascii')
    this.name = name
    this.weight = weight
    this.anchored = written.anchored
    this.bounded =
      written.hasEdges && !written.hasGroup && BEGINS_IN_WORD.test(name) && ENDS_IN_WORD.test(name)
    this.endsLine = written.endsLine
    this.inside = written.hasGroup
    this.fields = fieldsOf(printed.names)
    this.positions = [...this.fields.values()].flat()
    this.isDoubtful = isDoubtful(written.source, this.fields)
    this.cuts = positionsOf(printed, CUT)
    this.#ascii = this.#compile(printed.source)
  }

  /** The expression for lines of ASCII, or for all others. */
  regex(wide: boolean): RegExp {
    if (!wide || !dependsOnReading(this.#tree)) return this.#ascii
    this.#wide ??= this.#compile(printRegex(this.#tree, 'wide').source)
    return this.#wide
  }

  /** The same expression, looking from its `lastIndex` on. */
  regexFrom(wide: boolean): RegExp {
    const at = wide ? 1 : 0
    const { source, flags } = this.regex(wide)
    const from = this.#from[at] ?? new RegExp(source, `${flags}g`)
    this.#from[at] = from
    return from
  }

  #compile(source: string): RegExp {
    return new RegExp(source, this.inside ? 'd' : '')
  }
}

/** Puts a group around the pattern's first one, whatever that one captures. */
function wrapFirst(node: RegexNode): RegexNode {
  if (node.kind === 'group' && node.number === 1)
    return { kind: 'group', number: CUT_NUMBER, name: CUT, body: node }
  return mapChildren(node, wrapFirst)
}

const positionsOf = ({ names }: Printed, wanted: string): number[] =>
  names.flatMap((name, index) => (name === wanted ? [index + 1] : []))

function fieldsOf(names: readonly (string | null)[]): DateForm['fields'] {
  const fields = new Map<string, number[]>()
  for (const [index, name] of names.entries()) {
    const field = name === null ? null : fieldOf(name)
    if (field !== null) fields.set(field, [...(fields.get(field) ?? []), index + 1])
  }
  return fields
}

/** A month without a day of it, a day without a month, or a zone by its name. */
function isDoubtful(source: string, fields: DateForm['fields']): boolean {
  const hasMonth = fields.has('m') || fields.has('b') || fields.has('B')
  return fields.has('Z') || source.includes(ANY_ZONE_NAME) || hasMonth !== fields.has('d')
}

const AT_LINE_START = '{^LN-BEG}'
const UNBOUND = '{UNB}'

/** Dates that are one number, where they stand alone. Behind `[` or `audit(` a number is a date inside the line too. */
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ['EPOCH', EPOCH],
  ['LEPOCH', LONG_EPOCH],
])
const NUMBER_PLACES = '(?:^|(?<=^\\[)|(?<=\\baudit\\())'

function numberForm(pattern: string, weight: number): DateForm | null {
  const [, prefix = '', word = ''] = /^(\{\^LN-BEG\}|\^)?(L?EPOCH|TAI64N)$/.exec(pattern.toUpperCase()) ?? []
  const name = prefix === '' ? word : `${AT_LINE_START}${word}`
  const number = NUMBERS.get(word)
  if (word === 'TAI64N') {
    return new DateForm(name, write(TAI64N, prefix === '' ? 'free-start' : 'line-start'), weight)
  }
  if (number === undefined) return null
  return prefix === ''
    ? new DateForm(name, write(`${NUMBER_PLACES}${number}`, 'free-start'), weight)
    : new DateForm(name, write(number, 'line-start'), weight)
}

const NUMBER_INSIDE = /(?<!\\)\{L?EPOCH\}/i

/** As in fail2ban words may be in either case where no directive is. */
export const wordOf = (pattern: string): string => (pattern.includes('%') ? pattern : pattern.toUpperCase())

/** A pattern with a number inside: the first group is cut out and the second one is the date. Directives mean nothing in it. */
function numberInside(pattern: string): DateForm {
  const isLong = wordOf(pattern).includes('LEPOCH')
  const expression = pattern.replace(NUMBER_INSIDE, () => (isLong ? LONG_EPOCH : EPOCH))
  return new DateForm(pattern, write(expression, 'free'))
}

/** As in fail2ban forms are known by what they read, and it does not tell the two ways to count weeks apart. */
const nameOf = (pattern: string): string => pattern.replace(/%W/g, '%U').replace(/%%/g, '%')

/**
 * A datepattern (directives and Python expression) → the way to look for it. What is cut out of the line is the
 * pattern's first group where it has one of its own, else all of its match. Throws RegexProblem when it is not an
 * expression.
 */
export function makeForm(pattern: string, weight = 1): DateForm {
  const number = numberForm(pattern, weight)
  if (number !== null) return number
  if (NUMBER_INSIDE.test(pattern) && wordOf(pattern).includes('EPOCH')) return numberInside(pattern)
  const isUnbound = pattern.startsWith(UNBOUND)
  const rest = isUnbound ? pattern.slice(UNBOUND.length) : pattern
  const isAtStart = !isUnbound && rest.startsWith(AT_LINE_START)
  const bare = isAtStart ? rest.slice(AT_LINE_START.length) : rest
  const place = isUnbound ? 'as-written' : isAtStart ? 'line-start' : 'free'
  const written = write(expandDirectives(bare), place)
  const isNamed = isAtStart && !HAS_OWN_START.test(bare)
  return new DateForm(`${isNamed ? AT_LINE_START : ''}${nameOf(bare)}`, written, weight)
}

const TIME = '%H:%M:%S'
const FRACTION = '(?:[.,]%f)?'
const ZONE = '(?:\\s*%z)?'

/** The dates that are known without a datepattern, the likeliest first. */
export const PATTERNS: readonly string[] = [
  // 2026-11-20T09:44:53.123+01:00, 2026-11-20 09:44:53,123
  `(?:%ExY-%m-%d|%ExY/%m/%d|%ExY\\.%m\\.%d)(?:T| {1,2})${TIME}${FRACTION}${ZONE}`,
  // Nov 20 09:44:53, Fri Nov 20 09:44:53.123 2026
  `(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?`,
  // Fri Nov 20 2026 09:44:53
  `(?:%a )?%b %d %ExY %k:%M:%S(?:\\.%f)?`,
  // 20/11/2026 09:44:53, 20-11-26 09:44:53
  `(?:%d/%m/|%d-%m-)(?:%ExY|%Exy) %k:%M:%S`,
  // 20/Nov/2026:09:44:53 +0100, 20-Nov-2026 09:44:53.123
  `(?:%d/%b/|%d-%b-)%ExY[ :]?${TIME}(?:\\.%f)?(?: %z)?`,
  // 11/20/2026:09:44:53
  `%m/%d/%ExY:${TIME}`,
  // 11-20-2026 09:44:53.123
  `%m-%d-%ExY %k:%M:%S(?:\\.%f)?`,
  // 1795167893.123, [1795167893], audit(1795167893.123:77)
  'EPOCH',
  // 09:44:53
  `{^LN-BEG}${TIME}`,
  // <11/20/26@09:44:53>
  `^<%m/%d/%Exy@${TIME}>`,
  // 261120  9:44:53
  `%Exy%Exm%Exd  ?${TIME}`,
  // Nov 20, 2026 9:44:53 AM
  '%b %d, %ExY %I:%M:%S %p',
  // Nov-20-26 09:44:53
  `^%b-%d-%Exy %k:%M:%S`,
  // 20261120T094453, 20261120-09:44:53
  `%ExY%Exm%Exd(?:-|T|  ?)%ExH:?%ExM:?%ExS${FRACTION}${ZONE}`,
  // CET Fri Nov 20 09:44:53 2026
  `(?:%Z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?`,
  // +0100 Fri Nov 20 09:44:53 2026
  `(?:%z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?`,
  // @4000000042ff0e2f1a2b3c4d
  'TAI64N',
]

/** A date at the start of the line is what nearly all lines have. */
const AT_START_WEIGHT = 100

let known: readonly DateForm[] | null = null

/** The forms of all patterns that are known by default: those at the start of the line come first. Always the same list. */
export function defaultForms(): readonly DateForm[] {
  if (known !== null) return known
  const isBound = (pattern: string): boolean => pattern.startsWith('^') || pattern.startsWith(AT_LINE_START)
  const anchored = PATTERNS.filter((pattern) => !isBound(pattern)).map((pattern) =>
    makeForm(`${AT_LINE_START}${pattern}`, AT_START_WEIGHT),
  )
  known = [...anchored, ...PATTERNS.map((pattern) => makeForm(pattern))]
  return known
}
