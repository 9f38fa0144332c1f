import { RegexProblem } from '../regex/parse-escape.ts'

/** Names of months and days, of which the first three letters count. */
export const MONTHS = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
] as const

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const MONTH_NAME = MONTHS.join('|')
const FULL_MONTH_NAME =
  'january|february|march|april|may|june|july|august|september|october|november|december'
const DAY_NAME = WEEKDAYS.join('|')
const FULL_DAY_NAME = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday'
const WEEK = '5[0-3]|[0-4]?\\d'
const OFFSET = '[+-][01]\\d(?::?\\d\\d)?'
/** One letter of military time, or an abbreviation. */
export const ANY_ZONE_NAME = '(?:[A-Z]{3,5}|[A-Z])'

/**
 * The names of groups that make a date, as they are called in strptime: a pattern's own group of such a name counts
 * as well. `epoch`, `long` and `tai64n` are dates that are one number.
 */
const FIELDS: ReadonlySet<string> = new Set([
  ...['Y', 'y', 'm', 'b', 'B', 'd', 'j', 'H', 'I', 'p', 'M', 'S', 'z', 'Z', 'a', 'A', 'w', 'U', 'W'],
  ...['epoch', 'long', 'tai64n'],
])

const field = (name: string, expression: string): string => `(?P<${name}>${expression})`

/** The name of a group → the field of a date that it captures; null for a group of the pattern's own. */
export const fieldOf = (group: string): string | null => (FIELDS.has(group) ? group : null)

/**
 * fail2ban's directives; where edges are wanted by nobody the order of alternatives decides how much they take. Times
 * are whole seconds: a fraction is read over.
 */
const DIRECTIVES: ReadonlyMap<string, string> = new Map([
  ['a', field('a', DAY_NAME)],
  ['A', field('A', FULL_DAY_NAME)],
  ['b', field('b', MONTH_NAME)],
  ['B', field('B', FULL_MONTH_NAME)],
  ['d', field('d', '[12]\\d|[0 ]?[1-9]|3[01]')],
  ['m', field('m', '0?[1-9]|1[0-2]')],
  ['Y', field('Y', '\\d{4}')],
  ['y', field('y', '\\d\\d')],
  ['H', field('H', '[01]?\\d|2[0-3]')],
  ['k', ` ?${field('H', '[0-2]?\\d')}`],
  ['I', field('I', '1[0-2]|0?[1-9]')],
  ['l', ` ?${field('I', '1?\\d')}`],
  ['M', field('M', '[0-5]?\\d')],
  ['S', field('S', '[0-5]?\\d|6[01]')],
  ['f', '(?P<f>[0-9]{1,6})'],
  ['p', field('p', 'am|pm')],
  ['j', field('j', '36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0?[1-9]')],
  ['z', field('z', `Z|UTC|GMT|${OFFSET}`)],
  ['Z', field('Z', 'Z|[A-Z]{3,5}')],
  ['U', field('U', WEEK)],
  ['W', field('W', WEEK)],
  ['w', field('w', '[0-6]')],
  // Read over, as in the original: the days of ISO weeks.
  ['G', '(?P<G>\\d{4})'],
  ['V', '(?P<V>5[0-3]|[0-4]?\\d)'],
  ['u', '(?P<u>[1-7])'],
  ['ExY', field('Y', '20[0-9]\\d')],
  ['Exy', field('y', '\\d\\d')],
  ['Exd', field('d', '3[01]|[12]\\d|0[1-9]')],
  ['Exm', field('m', '1[0-2]|0[1-9]')],
  ['ExH', field('H', '2[0-3]|[01]\\d')],
  ['Exk', ` ?${field('H', '[01]?\\d|2[0-3]')}`],
  ['Exl', ` ?${field('I', '1[0-2]|\\d')}`],
  ['ExM', field('M', '[0-5]\\d')],
  ['ExS', field('S', '6[01]|[0-5]\\d')],
  ['ExZ', field('Z', ANY_ZONE_NAME)],
  ['Exz', field('z', `${ANY_ZONE_NAME}?${OFFSET}|${ANY_ZONE_NAME}`)],
  ['%', '%'],
  // Several in one, as the C locale has them.
  ['c', '%a\\s+%b\\s+%d\\s+%H:%M:%S\\s+%Y'],
  ['x', '%m/%d/%y'],
  ['X', '%H:%M:%S'],
])

/** Dates that are one number; a point after ten digits ends them unless a fraction follows. */
export const EPOCH = field('epoch', '\\d{10,11}\\b(?:\\.\\d{3,6})?')
export const LONG_EPOCH = field('long', '\\d{10,11}(?:\\d{3}(?:\\.\\d{1,6}|\\d{3})?)?')
export const TAI64N = field('tai64n', '@[0-9a-f]{24}')

const NAMES_CASE = /(?<!%)%[aAbBpc]/
const DIRECTIVE = /%(Ex[YydmHklMSZz]|.|$)/gsu

function expandOne(directive: string, name: string): string {
  const expression = DIRECTIVES.get(name)
  if (expression === undefined) throw new RegexProblem(`the directive ${directive} is not supported`)
  return 'cxX'.includes(name) ? expression.replace(DIRECTIVE, expandOne) : expression
}

/**
 * A datepattern with directives → a Python expression with a group for each field. Names of days and months
 * make all of it ignore case. Throws RegexProblem for a directive that is not known.
 */
export function expandDirectives(pattern: string): string {
  const expanded = pattern.replace(DIRECTIVE, expandOne)
  return NAMES_CASE.test(pattern) ? `(?i)${expanded}` : expanded
}
