import type { Expression } from './expression.ts'

/** What was captured, by name; a group that took no part is absent. */
export interface Captures extends Iterable<readonly [name: string, value: string]> {
  get(name: string): string | undefined
  has(name: string): boolean
  keys(): Iterable<string>
}

/** An expression and its match. */
export interface Matched {
  readonly expression: Expression
  readonly found: RegExpExecArray
}

/**
 * What two matches captured, those of the second over those of the first. Nothing is copied until it is asked for: most of
 * what is captured never is.
 */
export class LayeredCaptures implements Captures {
  readonly #below: Matched | null
  readonly #expression: Expression
  readonly #found: RegExpExecArray

  /** `below` leaves out what is only picked out for the expression above to look at (`<F-CONTENT>`). */
  constructor(below: Matched | null, expression: Expression, found: RegExpExecArray) {
    this.#below = below
    this.#expression = expression
    this.#found = found
  }

  get(name: string): string | undefined {
    const value = this.#expression.valueOf(this.#found, name)
    if (value !== undefined || this.#below === null || name === 'content') return value
    return this.#below.expression.valueOf(this.#below.found, name)
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  *keys(): Iterable<string> {
    for (const name of new Set([...(this.#below?.expression.groups ?? []), ...this.#expression.groups]))
      if (this.has(name)) yield name
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    for (const name of this.keys()) yield [name, this.get(name) ?? '']
  }
}
