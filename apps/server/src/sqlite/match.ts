import type { Term } from '../events/words.ts'

/**
 * Terms → an expression of SQLite's full-text search. Each is quoted, so that nothing in it is an operator, a column or
 * a bracket: only what stands between the quotes' marks is looked for.
 */
export const matchOf = (terms: readonly Term[]): string =>
  terms
    .map(({ text, begins }) => `"${text.replaceAll('\0', ' ').replaceAll('"', '""')}"${begins ? '*' : ''}`)
    .join(' AND ')

/** The condition that a ban holds what an expression asks for. */
export const BAN_HOLDS = 'bans.id IN (SELECT rowid FROM ban_words WHERE ban_words MATCH ?)'
