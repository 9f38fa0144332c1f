/** A value of a cell. */
export type Cell = string | number | boolean | null

/** What a spreadsheet takes for the beginning of a formula, also behind white space. */
const FORMULA = /^\s*[=+\-@\t\r|%]/

/**
 * One cell of CSV. Texts come from logs, so from attackers: what a spreadsheet would run as a formula gets an apostrophe in
 * front, which it shows as text.
 */
export function cell(value: Cell): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A line of CSV, with its end. */
export const row = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`
