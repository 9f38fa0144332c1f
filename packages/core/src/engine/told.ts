import { boundText } from '../line/bound.ts'

const SHORTEST = 2
const LONGEST = 49

/** A text that is no address, as events tell it in the place of one: 2 to 49 characters. */
export const asTold = (text: string): string => boundText(text, LONGEST).padEnd(SHORTEST, '?')
