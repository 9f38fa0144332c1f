import type { AsciiLine } from '../line/line.ts'
import { defaultForms, type DateForm } from './template.ts'

const ZERO = 48
const NINE = 57
const isDigit = (code: number): boolean => code >= ZERO && code <= NINE

const LINE_FEED = 10
const SPACE = 32
const COLON = 58
const BRACKET = 93
/** What a year or a zone behind a date begins with. */
const GOES_ON = ' \t+-0123456789GUZguz'
/** The same by code, for codes of ASCII. */
const goesOn = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(GOES_ON.includes(String.fromCharCode(code))),
)

/**
 * Whether it can be seen at once that no date known by default goes on at a place: behind a blank stands no year and no
 * zone, or there is something that no date holds.
 */
function endsBefore(line: string, at: number): boolean {
  const code = line.charCodeAt(at)
  if (code === SPACE) return goesOn[line.charCodeAt(at + 1)] !== 1
  if (code === COLON) return !isDigit(line.charCodeAt(at + 1))
  return code === BRACKET || code === LINE_FEED
}

/** The start of a line up to its date, and the date's form. */
export interface Leading {
  readonly form: DateForm
  /** The line up to the end of its date, which begins with it. */
  readonly text: string
}

/** A form's expression in two more kinds. */
interface Expressions {
  /** At the line's very start only; afterwards its lastIndex is where the date ends. */
  readonly atStart: RegExp
  /** Tells where its groups lie. */
  readonly withPlaces: RegExp
}

const known = new WeakMap<DateForm, Expressions>()

function expressionsOf(form: DateForm): Expressions {
  const made = known.get(form)
  if (made !== undefined) return made
  const { source } = form.regex(false)
  const expressions = { atStart: new RegExp(source, 'y'), withPlaces: new RegExp(source, 'd') }
  known.set(form, expressions)
  return expressions
}

/** Stands in the place of a digit that says nothing of the second: any will do. No date holds it. */
const ANY_DIGIT = 0

/** The characters that a date's text is made of; `says` tells for each position whether it is part of what the date says. */
function codesOf(text: string, says: (at: number) => boolean): Uint16Array {
  const codes = new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    codes[at] = isDigit(code) && !says(at) ? ANY_DIGIT : code
  }
  return codes
}

const SECOND = /^[0-5][0-9]$/

/** Where in a date its second stands; null where it may stand in several places or the date names no day. */
function secondIn({ fields }: DateForm, { indices }: RegExpExecArray): readonly [number, number] | null {
  const [place, ...more] = fields.get('S') ?? []
  if (place === undefined || more.length > 0 || !fields.has('d')) return null
  return indices?.[place] ?? null
}

/**
 * The date that the line before began with. The lines of a second come together, so most lines begin with it once
 * more; digits that say nothing of the second, those of a fraction, may differ.
 */
export class RepeatedDate {
  readonly #form: DateForm
  readonly #text: string
  readonly #atStart: RegExp
  readonly #isDefault: boolean
  /** As numbers: every line of a second is compared with them. What is not ASCII is like no byte of a line. */
  readonly #codes: Uint16Array
  readonly #second: readonly [number, number] | null

  private constructor({ form, text }: Leading, codes: Uint16Array, second: readonly [number, number] | null) {
    this.#second = second
    this.#form = form
    this.#text = text
    this.#atStart = expressionsOf(form).atStart
    this.#isDefault = defaultForms().includes(form)
    this.#codes = codes
  }

  /** Null where the form finds another date in the text, or none. `before`: the date that was repeated until now. */
  static of(leading: Leading, before: RepeatedDate | null = null): RepeatedDate | null {
    const { form, text } = leading
    if (before !== null && before.#form === form && before.#hasShapeOf(text)) {
      const codes = codesOf(text, (at) => before.#codes[at] !== ANY_DIGIT)
      return new RepeatedDate(leading, codes, before.#second)
    }
    const found = expressionsOf(form).withPlaces.exec(text)
    if (found?.index !== 0 || found[0].length !== text.length) return null
    const says = Array.from(text, () => false)
    for (const position of form.positions) {
      const [from, to] = found.indices?.[position] ?? [0, 0]
      says.fill(true, from, to)
    }
    return new RepeatedDate(
      leading,
      codesOf(text, (at) => says[at] === true),
      secondIn(form, found),
    )
  }

  /** Where the date ends. */
  get end(): number {
    return this.#text.length
  }

  /** Whether a line begins with a date of the same form that says the same. */
  begins(line: AsciiLine): boolean {
    const { length } = this.#codes
    if (!this.#isLike(line, length, length)) return false
    if (this.#isDefault && endsBefore(line.ended, length)) return true
    this.#atStart.lastIndex = 0
    return this.#atStart.test(line.ended) && this.#atStart.lastIndex === length
  }

  /** What a line begins with, where it is this date with another second; its form has yet to find it there. Else null. */
  later(line: AsciiLine): RepeatedDate | null {
    if (this.#second === null) return null
    const [from, to] = this.#second
    if (!SECOND.test(line.ended.slice(from, to)) || !SECOND.test(this.#text.slice(from, to))) return null
    if (!this.#isLike(line, from, to)) return null
    return RepeatedDate.of({ form: this.#form, text: line.ended.slice(0, this.end) }, this)
  }

  /** Whether a line begins in the same way but for what stands from one place to another. */
  #isLike({ bytes, start }: AsciiLine, from: number, to: number): boolean {
    const codes = this.#codes
    const { length } = codes
    for (let at = 0; at < length; at++) {
      const code = bytes[start + at] ?? 0
      if (code === codes[at] || (codes[at] === ANY_DIGIT && isDigit(code))) continue
      if (at < from || at >= to) return false
    }
    return true
  }

  /** Whether another date of the form has digits where this one has some, and all else the same: its parts lie alike. */
  #hasShapeOf(text: string): boolean {
    if (text.length !== this.#text.length) return false
    for (let at = 0; at < text.length; at++) {
      const theirs = text.charCodeAt(at)
      const ours = this.#text.charCodeAt(at)
      if (theirs !== ours && (!isDigit(theirs) || !isDigit(ours))) return false
    }
    return true
  }
}
