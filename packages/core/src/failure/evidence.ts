import { boundText, USER_LIMIT } from '../line/bound.ts'

const MOST_USERS = 10

/** A failure's line and user, and the one that came before it. */
interface Piece {
  readonly line: string
  readonly user: string | undefined
  older: Piece | null
}

/**
 * What is kept of the failures of an address: their last lines, and who they named. A chain, so that a failure touches nothing
 * of those before it: floods come from thousands of addresses, whose arrays are in no cache of the processor.
 */
export interface Evidence {
  newest: Piece | null
  /** How many pieces the chain has. */
  kept: number
  /** How many characters their lines have. */
  characters: number
  /** Users of failures that are no longer in the chain, the first one first; null where nobody was named. */
  users: string[] | null
}

/** Adds a failure; of more lines than `most` the oldest are dropped. */
export function keep(evidence: Evidence, line: string, user: string | undefined, most: number): void {
  if (most === 0) return noteUser(evidence, user)
  evidence.newest = { line, user, older: evidence.newest }
  evidence.kept++
  evidence.characters += line.length
  if (evidence.kept > most) trim(evidence, most)
}

/** Drops all lines; users stay. */
export function dropLines(evidence: Evidence): void {
  for (const { user } of inOrder(evidence.newest)) noteUser(evidence, user)
  evidence.newest = null
  evidence.kept = 0
  evidence.characters = 0
}

/** Takes the lines that are kept, and all users, each the first one first. */
export function tell(evidence: Evidence): {
  readonly lines: readonly string[]
  readonly users: readonly string[]
} {
  const pieces = inOrder(evidence.newest)
  dropLines(evidence)
  return { users: evidence.users ?? [], lines: pieces.map(({ line }) => line) }
}

function inOrder(newest: Piece | null): readonly Piece[] {
  const pieces: Piece[] = []
  for (let piece = newest; piece !== null; piece = piece.older) pieces.push(piece)
  return pieces.reverse()
}

function trim(evidence: Evidence, most: number): void {
  let last = evidence.newest
  for (let count = 1; count < most && last !== null; count++) last = last.older
  if (last === null) return
  const dropped = inOrder(last.older)
  last.older = null
  for (const { line, user } of dropped) {
    evidence.kept--
    evidence.characters -= line.length
    noteUser(evidence, user)
  }
}

/** Nearly always it is the user of the failure before. Its text may be a piece of the line, which need not stay: so it is copied. */
function noteUser(evidence: Evidence, user: string | undefined): void {
  if (user === undefined || user === '') return
  const { users } = evidence
  if (users === null) evidence.users = [boundText(user, USER_LIMIT)]
  else if (users[users.length - 1] !== user && !users.includes(user)) {
    users.push(boundText(user, USER_LIMIT))
    if (users.length > MOST_USERS) users.shift()
  }
}
