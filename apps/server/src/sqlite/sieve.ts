import type { Term } from '../events/words.ts'

const BEYOND_ASCII = /[^\0-\x7f]/

/**
 * Terms → whether a text may hold all of them, at a glance: true where it may, false only where it cannot. What the index
 * makes of letters beyond ASCII (marks taken off, cases folded) is for the index to say.
 * @returns a test of texts in which words stand as they are, as in JSON
 */
export function sieveOf(terms: readonly Term[]): (text: string) => boolean {
  const pieces = terms
    .filter(({ text }) => !BEYOND_ASCII.test(text))
    // A word of the index: see migrations/0008-history.sql.
    .flatMap(({ text }) => text.toLowerCase().match(/[a-z0-9.:]+/g) ?? [])
  return (text) => {
    if (BEYOND_ASCII.test(text)) return true
    const lower = text.toLowerCase()
    return pieces.every((piece) => lower.includes(piece))
  }
}
