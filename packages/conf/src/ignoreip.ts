import { parseTarget } from '@warder/core'
import { readAddressOrText } from './address.ts'

/** Labels of letters, digits and dashes; the last one has a letter, so that no mistyped address is taken for a name. */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?$/i

/** The words of an `ignoreip`, by kind. */
export interface IgnoredWords {
  /** Addresses and subnets. */
  readonly ignoreip: readonly string[]
  readonly ignorehosts: readonly string[]
  /** Paths of files with more such words. */
  readonly ignorefiles: readonly string[]
  /** What is none of these. */
  readonly foreign: readonly string[]
}

const FILE = /^file:(?=\/)/

/** Splits an `ignoreip` at blanks and commas. */
export function splitIgnoreip(text: string): IgnoredWords {
  const ignoreip: string[] = []
  const ignorehosts: string[] = []
  const ignorefiles: string[] = []
  const foreign: string[] = []
  for (const word of text.split(/[\s,]+/)) {
    const read = readAddressOrText(word)
    // As it was written, where we read it the same way.
    if (read.kind === 'target') ignoreip.push(parseTarget(word) === null ? read.target : word)
    else if (FILE.test(word)) ignorefiles.push(word.replace(FILE, ''))
    else if (read.kind === 'text' && read.text === word && HOST_NAME.test(word)) ignorehosts.push(word)
    else if (word !== '') foreign.push(word)
  }
  return { ignoreip, ignorehosts, ignorefiles, foreign }
}

/** The words of a file that an `ignoreip` names: one or more a line, remarks behind `#` or `;`. */
export const splitIgnoreFile = (text: string): IgnoredWords =>
  splitIgnoreip(text.replace(/(?:^|\s)[#;].*$/gm, ' '))
