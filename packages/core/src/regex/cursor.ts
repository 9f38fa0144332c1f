/** A place in a pattern that moves on as it is read. Characters are code points. */
export class Cursor {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  /** What has not been read yet. */
  get rest(): string {
    return this.#text.slice(this.#at)
  }

  /** Whether this text comes next. */
  at(expected: string): boolean {
    return this.#text.startsWith(expected, this.#at)
  }

  /** Moves over the text when it comes next. */
  take(expected: string): boolean {
    if (!this.at(expected)) return false
    this.#at += expected.length
    return true
  }

  /** Moves over what a sticky expression finds here. */
  takeForm(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at
    const found = form.exec(this.#text)
    if (found !== null) this.#at = form.lastIndex
    return found
  }

  /** The next character; empty at the end. */
  next(): string {
    const point = this.#text.codePointAt(this.#at)
    if (point === undefined) return ''
    const char = String.fromCodePoint(point)
    this.#at += char.length
    return char
  }

  /** Moves back over what was read last. */
  back(length: number): void {
    this.#at -= length
  }

  /** Moves over blanks and remarks of verbose expressions; false when there are none. */
  skipRemarks(): boolean {
    return this.takeForm(/(?:[ \t\n\r\f\v]+|#[^\n]*)+/y) !== null
  }
}
