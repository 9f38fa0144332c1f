import type { Reading } from './charset.ts'
import { someNode, type RegexNode } from './node.ts'
import { printRegex, type Repeated } from './print.ts'

/** So many rounds are looked at: a line of an attacker may have thousands. */
const MOST_ROUNDS = 64

/** One round in front of all others. */
interface Peeled {
  readonly regex: RegExp
  readonly names: readonly (string | null)[]
}

/**
 * What the rounds of a repeat captured. V8 forgets in each round what was captured in the one before; in Python the last round
 * counts in which a group took part.
 */
export class Rounds {
  readonly #place: number
  readonly #body: RegexNode
  readonly #peeled = new Map<Reading, Peeled>()

  constructor({ place, body }: Repeated) {
    this.#place = place
    this.#body = body
  }

  /** Null where what a round matches depends on more than its own text, so that it cannot be looked at alone. */
  static of(repeated: Repeated): Rounds | null {
    const isBound = someNode(repeated.body, ({ kind }) => kind === 'reference' || kind === 'atomic')
    return isBound ? null : new Rounds(repeated)
  }

  /** Adds what was captured by name. */
  collect(found: RegExpExecArray, reading: Reading, into: Map<string, string>): void {
    const { regex, names } = this.#forReading(reading)
    let rest = found[this.#place] ?? ''
    for (let round = 0; round < MOST_ROUNDS && rest !== ''; round++) {
      const one = regex.exec(rest)
      const left = one?.[names.length + 1] ?? ''
      if (one === null || left.length === rest.length) return
      for (const [index, name] of names.entries()) {
        const value = one[index + 1]
        if (name !== null && value !== undefined) into.set(name, value)
      }
      rest = left
    }
  }

  #forReading(reading: Reading): Peeled {
    const known = this.#peeled.get(reading)
    if (known !== undefined) return known
    const { source, names } = printRegex(this.#body, reading)
    const made = { regex: new RegExp(`^(?:${source})((?:${source})*)$`), names }
    this.#peeled.set(reading, made)
    return made
  }
}
