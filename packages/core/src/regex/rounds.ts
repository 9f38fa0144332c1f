import type { Reading } from './charset.ts'
import { someNode, type RegexNode } from './node.ts'
import { printRegex, type Repeated } from './print.ts'

/** So many characters are looked at for all rounds, each from its start on: a line of an attacker may have thousands of rounds. */
const MOST_LOOKED_AT = 100_000

/** One round in front of all others. */
interface Peeled {
  readonly regex: RegExp
  readonly names: readonly (string | null)[]
  /** Repeats inside the round. */
  readonly inner: readonly Rounds[]
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

  /** Those of an expression; left out are repeats of which a round cannot be looked at alone. */
  static of(repeats: readonly Repeated[]): readonly Rounds[] {
    const isBound = ({ body }: Repeated): boolean =>
      someNode(body, ({ kind }) => kind === 'reference' || kind === 'atomic')
    return repeats.filter((repeated) => !isBound(repeated)).map((repeated) => new Rounds(repeated))
  }

  /** Adds what was captured by name; nothing where there are too many rounds, so that none but the last one ever counts. */
  collect(found: RegExpExecArray, reading: Reading, into: Map<string, string>): void {
    const captured = new Map<string, string>()
    let rest = found[this.#place] ?? ''
    for (let lookedAt = rest.length; rest !== ''; lookedAt += rest.length) {
      const next = lookedAt <= MOST_LOOKED_AT ? this.#peel(rest, reading, captured) : rest
      if (next.length === rest.length) return
      rest = next
    }
    for (const [name, value] of captured) into.set(name, value)
  }

  /** Takes the first round off; what is left of the text. */
  #peel(text: string, reading: Reading, into: Map<string, string>): string {
    const { regex, names, inner } = this.#forReading(reading)
    const one = regex.exec(text)
    if (one === null) return text
    for (const rounds of inner) rounds.collect(one, reading, into)
    for (const [index, name] of names.entries()) {
      const value = one[index + 1]
      if (name !== null && value !== undefined) into.set(name, value)
    }
    return one[names.length + 1] ?? ''
  }

  #forReading(reading: Reading): Peeled {
    const known = this.#peeled.get(reading)
    if (known !== undefined) return known
    const { source, names, repeats } = printRegex(this.#body, reading)
    // Of all ways to divide the text into rounds the repeat took the first one too.
    const regex = new RegExp(`^(?:${source})((?:${source})*)$`)
    const made = { regex, names, inner: Rounds.of(repeats) }
    this.#peeled.set(reading, made)
    return made
  }
}
