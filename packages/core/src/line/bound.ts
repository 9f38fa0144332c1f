/** Longest line that is kept as evidence or travels in an event, in UTF-16 units. */
export const EVIDENCE_LIMIT = 1_000

/** Longest user name that is kept. */
export const USER_LIMIT = 128

/** V8 makes a piece of a text that is shorter than this a text of its own. */
const SHORTEST_PIECE = 13

/**
 * Attacker text cut to a length and made well-formed. It is a copy of its own: a slice would keep the whole of
 * what was read from the log in memory for as long as the piece lives.
 */
export function boundText(text: string, limit: number): string {
  if (text.length < SHORTEST_PIECE && text.length <= limit) return text.toWellFormed()
  const cut = text.length > limit ? text.slice(0, limit) : text
  // Joined with something it is written out anew, and the piece taken of that holds on to no more than that.
  return ` ${cut.toWellFormed()}`.slice(1)
}
