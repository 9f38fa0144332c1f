import { REPLAY_LIMIT } from '@warder/protocol/api'

/** The numbers of the events in history; 0 when there is none. */
export interface Ends {
  readonly newest: number
  readonly oldest: number
}

/**
 * Whether a browser that saw events up to `after` can be told the rest, or must read everything anew: it is too
 * far behind, what it lacks was forgotten, or it comes from another history. Null: it saw nothing yet.
 */
export function mustReadAnew(after: number | null, { newest, oldest }: Ends): boolean {
  if (after === null) return false
  return after > newest || newest - after > REPLAY_LIMIT || after < oldest - 1
}
