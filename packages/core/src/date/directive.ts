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

const MONTH_NAME =
  'Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|' +
  'Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?'
const DAY_NAME = 'Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?'
const WEEK = '5[0-3]|[0-4]?[0-9]'
/** Capitals even where the names of months ignore case: else any word before a date would be a zone. */
const ZONE_NAME = '(?-i:Z|[A-Z]{3,5})'
const ANY_ZONE_NAME = '(?-i:[A-Z]|[A-Z]{3,5})'
const OFFSET = 'Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?'

/** Groups of directives begin like this, so that they are told apart from a pattern's own groups. */
const FIELD_PREFIX = '_'

/** A part of a date that a directive captures. */
export type Field =
  | 'Y'
  | 'y'
  | 'm'
  | 'b'
  | 'd'
  | 'j'
  | 'H'
  | 'I'
  | 'p'
  | 'M'
  | 'S'
  | 'z'
  | 'a'
  | 'w'
  | 'U'
  | 'W'
  | 'epoch'
  | 'long'
  | 'tai64n'

const field = (name: Field, expression: string): string => `(?P<${FIELD_PREFIX}${name}>${expression})`

/** The name of a directive's group → the field it captures; null for a group of the pattern's own. */
export const fieldOf = (group: string): string | null =>
  group.startsWith(FIELD_PREFIX) ? group.slice(FIELD_PREFIX.length) : null

/** fail2ban's directives. Times are whole seconds: a fraction is read over. */
const DIRECTIVES: ReadonlyMap<string, string> = new Map([
  ['a', `(?:${DAY_NAME})`],
  ['A', `(?:${DAY_NAME})`],
  ['b', field('b', MONTH_NAME)],
  ['B', field('b', MONTH_NAME)],
  ['d', field('d', '3[01]|[12][0-9]|0?[1-9]| [1-9]')],
  ['m', field('m', '1[0-2]|0?[1-9]')],
  ['Y', field('Y', '[0-9]{4}')],
  ['y', field('y', '[0-9]{2}')],
  ['H', field('H', '2[0-3]|[01]?[0-9]')],
  ['k', field('H', '2[0-3]|1[0-9]|[ 0]?[0-9]')],
  ['I', field('I', '1[0-2]|0?[1-9]')],
  ['l', field('I', '1[0-2]|[ 0]?[1-9]')],
  ['M', field('M', '[0-5]?[0-9]')],
  ['S', field('S', '6[01]|[0-5]?[0-9]')],
  ['f', '[0-9]{1,9}'],
  ['p', field('p', 'AM|PM')],
  ['j', field('j', '36[0-6]|3[0-5][0-9]|[0-2]?[0-9]{1,2}')],
  ['z', field('z', OFFSET)],
  ['Z', field('z', ZONE_NAME)],
  ['U', field('U', WEEK)],
  ['W', field('W', WEEK)],
  ['w', field('w', '[0-6]')],
  ['ExZ', field('z', ANY_ZONE_NAME)],
  ['ExY', field('Y', '20[0-9]{2}')],
  ['Exy', field('y', '[0-9]{2}')],
  ['Exd', field('d', '3[01]|[12][0-9]|0[1-9]')],
  ['Exm', field('m', '1[0-2]|0[1-9]')],
  ['ExH', field('H', '2[0-3]|[01][0-9]')],
  ['Exk', field('H', '2[0-3]|[ 01][0-9]')],
  ['Exl', field('I', '1[0-2]|[ 0][1-9]')],
  ['ExM', field('M', '[0-5][0-9]')],
  ['ExS', field('S', '6[01]|[0-5][0-9]')],
  ['Exz', field('z', `${ANY_ZONE_NAME}?[+-][0-9]{2}(?::?[0-9]{2})?|${ANY_ZONE_NAME}`)],
  ['%', '%'],
])

/** Words for dates that are one number. */
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ['EPOCH', field('epoch', '[0-9]{10,11}(?:\\.[0-9]{3,6})?')],
  ['LEPOCH', field('long', '[0-9]{10,11}(?:[0-9]{3}(?:[0-9]{3})?)?')],
  ['TAI64N', field('tai64n', '@[0-9a-f]{24}')],
])

const NAMES_CASE = /%(?:[aAbBp])/

/**
 * A datepattern with directives → a Python expression with a group for each field. Names of days and months
 * make it ignore case. Throws RegexProblem for a directive that is not known.
 */
export function expandDirectives(pattern: string): string {
  const alone = NUMBERS.get(pattern.replace(/^\^/, ''))
  if (alone !== undefined) return pattern.startsWith('^') ? `^${alone}` : alone
  // The weekday says something only beside a week.
  const countsWeeks = /%[UW]/.test(pattern)
  const expanded = pattern
    .replace(/%(Ex[A-Za-z]|.|$)/gsu, (directive: string, name: string) => {
      if (countsWeeks && (name === 'a' || name === 'A')) return field('a', DAY_NAME)
      const expression = DIRECTIVES.get(name)
      if (expression === undefined) throw new RegexProblem(`the directive ${directive} is not supported`)
      return expression
    })
    .replace(/\{(EPOCH|LEPOCH|TAI64N)\}/g, (whole: string, word: string) => NUMBERS.get(word) ?? whole)
  return NAMES_CASE.test(pattern) ? `(?i)${expanded}` : expanded
}
