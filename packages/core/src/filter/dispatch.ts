import type { Expression } from '../regex/expression.ts'

const ASCII = 128

/**
 * Which expressions of a list can match a text, by its first character: those for the very start of a text that begin with
 * another one are passed over, and mostly one or two of many are left.
 */
export class Dispatch {
  readonly #all: readonly number[]
  readonly #byFirst: readonly (readonly number[])[]

  constructor(expressions: readonly Expression[]) {
    this.#all = expressions.map((_, index) => index)
    const mayBegin = (index: number, char: string): boolean =>
      expressions[index]?.firstChars?.has(char) !== false
    this.#byFirst = Array.from({ length: ASCII }, (_, code) =>
      this.#all.filter((index) => mayBegin(index, String.fromCharCode(code))),
    )
  }

  /** The places of those that can match, in their order. */
  for(text: string): readonly number[] {
    return this.#byFirst[text.charCodeAt(0)] ?? this.#all
  }
}
