import { readAddressOrText } from './address.ts'

/** Labels of letters, digits and dashes; the last one has a letter, so that no mistyped address is taken for a name. */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?$/i

/** The words of an `ignoreip`, by kind. */
export interface IgnoredWords {
  /** Addresses and subnets. */
  readonly ignoreip: readonly string[]
  readonly ignorehosts: readonly string[]
  /** What is neither. */
  readonly foreign: readonly string[]
}

/** Splits an `ignoreip` at blanks and commas. */
export function splitIgnoreip(text: string): IgnoredWords {
  const ignoreip: string[] = []
  const ignorehosts: string[] = []
  const foreign: string[] = []
  for (const word of text.split(/[\s,]+/)) {
    const read = readAddressOrText(word)
    if (read.kind === 'target') ignoreip.push(read.target)
    else if (read.kind === 'text' && read.text === word && HOST_NAME.test(word)) ignorehosts.push(word)
    else if (word !== '') foreign.push(word)
  }
  return { ignoreip, ignorehosts, foreign }
}
