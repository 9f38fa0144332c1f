import { RegexProblem } from './parse-escape.ts'

/** Python's inline flags, as far as they change the meaning of what follows. */
export interface Flags {
  /** `i`: letters stand for both cases. */
  readonly ignoreCase: boolean
  /** `s`: the dot takes line feeds too. */
  readonly dotAll: boolean
  /** `a`: categories are those of ASCII. */
  readonly ascii: boolean
  /** `x`: blanks and remarks are left out. */
  readonly verbose: boolean
}

export const NO_FLAGS: Flags = { ignoreCase: false, dotAll: false, ascii: false, verbose: false }

const NAMES: ReadonlyMap<string, keyof Flags | null> = new Map([
  ['i', 'ignoreCase'],
  ['s', 'dotAll'],
  ['a', 'ascii'],
  ['x', 'verbose'],
  // One line is matched at a time, so the multi-line anchors are the plain ones; `u` is the default.
  ['m', null],
  ['u', null],
])

function nameOf(letter: string): keyof Flags | null {
  const name = NAMES.get(letter)
  if (name === undefined) throw new RegexProblem(`the flag ${letter} is not supported`)
  return name
}

/** The flags after `(?on-off)`. Throws RegexProblem for a letter that is no flag. */
export function withFlags(flags: Flags, on: string, off: string): Flags {
  const changed = { ...flags }
  for (const name of [...on].map(nameOf)) if (name !== null) changed[name] = true
  for (const name of [...off].map(nameOf)) if (name !== null) changed[name] = false
  return changed
}
