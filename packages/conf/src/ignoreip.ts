import { parseTarget } from '@warder/core'

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
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const others = words.filter((word) => parseTarget(word) === null)
  return {
    ignoreip: words.filter((word) => parseTarget(word) !== null),
    ignorehosts: others.filter((word) => HOST_NAME.test(word)),
    ignorefiles: others.filter((word) => FILE.test(word)).map((word) => word.replace(FILE, '')),
    foreign: others.filter((word) => !HOST_NAME.test(word) && !FILE.test(word)),
  }
}

/** The words of a file that an `ignoreip` names: one or more a line, remarks behind `#` or `;`. */
export const splitIgnoreFile = (text: string): IgnoredWords =>
  splitIgnoreip(text.replace(/(?:^|\s)[#;].*$/gm, ' '))
