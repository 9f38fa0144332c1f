import { randomInt } from 'node:crypto'

/** Letters and digits that are not mistaken for each other. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** A new code that can be read out and typed: `ABCD-EFGH-JKMN`, 59 bits with three groups. */
export const newClaimCode = (groups = 3): string =>
  Array.from({ length: groups }, () =>
    Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
  ).join('-')

/** What an operator typed → the form of the code: case, blanks and dashes do not matter. */
export function tidyClaimCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return letters.match(/.{1,4}/g)?.join('-') ?? ''
}
