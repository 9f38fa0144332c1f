/** A value of a table that is saved. */
export type Cell = string | number | null

/** What a spreadsheet takes for the beginning of a formula, also behind white space. */
const FORMULA = /^\s*[=+\-@\t\r|%]/

/** Names and lines are attackers' text: what a spreadsheet would run gets an apostrophe in front, which it shows as text. */
function cellOf(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as CSV, with a line of names first. */
export function csvOf(columns: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): string {
  const lines = rows.map((row) => columns.map((column) => cellOf(row[column] ?? null)))
  return [columns, ...lines].map((cells) => `${cells.join(',')}\r\n`).join('')
}
