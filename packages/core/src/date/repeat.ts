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

/** A part of a date's text: as it stands, or some digits that say nothing. */
interface Part {
  readonly start: number
  readonly end: number
  /** Null: any digits. */
  readonly text: string | null
}

/** The parts of a text, in order; `says` tells for each position whether it is part of what the date says. */
function partsOf(text: string, says: readonly boolean[]): readonly Part[] {
  const parts: Part[] = []
  const isFree = (at: number): boolean => says[at] !== true && isDigit(text.charCodeAt(at))
  for (let start = 0; start < text.length;) {
    let end = start + 1
    while (end < text.length && isFree(end) === isFree(start)) end++
    parts.push({ start, end, text: isFree(start) ? null : text.slice(start, end) })
    start = end
  }
  return parts
}

function hasDigits(line: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(line.charCodeAt(at))) return false
  return true
}

/** Whether a text stands at a place. It is short, and the same as the last time or different near its end. */
function hasText(line: string, start: number, text: string): boolean {
  for (let at = text.length - 1; at >= 0; at--)
    if (line.charCodeAt(start + at) !== text.charCodeAt(at)) return false
  return true
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
  readonly #parts: readonly Part[]

  private constructor({ form, text }: Leading, parts: readonly Part[]) {
    this.#form = form
    this.#text = text
    this.#atStart = expressionsOf(form).atStart
    this.#isDefault = defaultForms().includes(form)
    this.#parts = parts
  }

  /** Null where the form finds another date in the text, or none. `before`: the date that was repeated until now. */
  static of(leading: Leading, before: RepeatedDate | null = null): RepeatedDate | null {
    const { form, text } = leading
    if (before !== null && before.#form === form && before.#hasShapeOf(text)) {
      const inPlace = (part: Part): Part =>
        part.text === null ? part : { ...part, text: text.slice(part.start, part.end) }
      return new RepeatedDate(leading, before.#parts.map(inPlace))
    }
    const found = expressionsOf(form).withPlaces.exec(text)
    if (found?.index !== 0 || found[0].length !== text.length) return null
    const says = Array.from(text, () => false)
    for (const position of form.positions) {
      const [from, to] = found.indices?.[position] ?? [0, 0]
      says.fill(true, from, to)
    }
    return new RepeatedDate(leading, partsOf(text, says))
  }

  /** Where the date ends. */
  get end(): number {
    return this.#text.length
  }

  /** Whether a line begins with a date of the same form that says the same. */
  begins(line: string): boolean {
    const { length } = this.#text
    for (const { start, end, text } of this.#parts) {
      if (text === null ? !hasDigits(line, start, end) : !hasText(line, start, text)) return false
    }
    if (this.#isDefault && endsBefore(line, length)) return true
    this.#atStart.lastIndex = 0
    return this.#atStart.test(line) && this.#atStart.lastIndex === length
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
