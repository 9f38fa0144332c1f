import type { FilterDefinition } from '@warder/core'
import type { FilterView } from '@warder/protocol/api'

/** A filter as it is typed: expressions one on a line, absent options empty. */
export interface FilterForm {
  readonly prefregex: string
  readonly failregex: string
  readonly ignoreregex: string
  readonly datepattern: string
  readonly maxlines: string
}

export const EMPTY_FORM: FilterForm = {
  prefregex: '',
  failregex: '',
  ignoreregex: '',
  datepattern: '',
  maxlines: '1',
}

/** A node's filter as it is typed. */
export const formOf = (filter: FilterView): FilterForm => ({
  prefregex: filter.prefregex ?? '',
  failregex: filter.failregex.join('\n'),
  ignoreregex: filter.ignoreregex.join('\n'),
  datepattern: filter.datepattern ?? '',
  maxlines: String(filter.maxlines),
})

export const sameForm = (one: FilterForm, other: FilterForm): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** The expressions of a field, as fail2ban reads it: one on a line, empty lines do not count. */
export const expressionsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What is typed → a filter that the core compiles, or tells what is wrong with. */
export function definitionOf(form: FilterForm): FilterDefinition {
  const { prefregex, datepattern, maxlines } = form
  return {
    name: 'tried',
    ...(prefregex.trim() === '' ? {} : { prefregex: prefregex.trim() }),
    failregex: expressionsOf(form.failregex),
    ignoreregex: expressionsOf(form.ignoreregex),
    ...(datepattern.trim() === '' ? {} : { datepattern: datepattern.trim() }),
    maxlines: /^\d{1,6}$/.test(maxlines.trim()) ? Math.max(1, Number(maxlines)) : 1,
    journalmatch: [],
  }
}

/** What is typed as the text of a file for `filter.d`. */
export function fileOf(form: FilterForm): string {
  const { prefregex, failregex, ignoreregex, datepattern, maxlines } = definitionOf(form)
  const options: readonly (readonly [string, readonly string[]])[] = [
    ['prefregex', prefregex === undefined ? [] : [prefregex]],
    ['failregex', failregex],
    ['ignoreregex', ignoreregex],
    ['datepattern', datepattern === undefined ? [] : [datepattern]],
    ['maxlines', maxlines > 1 ? [String(maxlines)] : []],
  ]
  const lines = options
    .filter(([name, values]) => values.length > 0 || name === 'failregex')
    .map(([name, values]) => `${name} = ${values.map(escaped).join(`\n${' '.repeat(name.length + 3)}`)}`)
  return `[Definition]\n${lines.join('\n')}\n`
}

/** `%` begins a reference in these files, and a line that begins like a comment is one. */
const escaped = (expression: string): string => expression.replaceAll('%', '%%').replace(/^[#;]/, '\\$&')
