import { parseTarget } from '@warder/core'

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
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const others = words.filter((word) => parseTarget(word) === null)
  return {
    ignoreip: words.filter((word) => parseTarget(word) !== null),
    ignorehosts: others.filter((word) => HOST_NAME.test(word)),
    foreign: others.filter((word) => !HOST_NAME.test(word)),
  }
}
