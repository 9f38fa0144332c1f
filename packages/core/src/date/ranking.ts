import { AnyForm } from './any-form.ts'
import type { DateForm } from './template.ts'

/** A date in a line: which form it has, where its match is, and which part is cut out of the line. */
export interface Found {
  readonly form: DateForm
  readonly match: RegExpExecArray
  readonly start: number
  readonly end: number
}

/** Looks for a form in a line. `wide`: what isWide says of the line. */
export function locate(form: DateForm, line: string, wide: boolean): Found | null {
  const match = form.regex(wide).exec(line)
  return match === null ? null : foundAt(form, match)
}

/** The same from a position on; what stands before it is looked back at. */
function locateFrom(
  form: DateForm,
  line: string,
  { wide, from }: { wide: boolean; from: number },
): Found | null {
  const regex = form.regexFrom(wide)
  regex.lastIndex = from
  const match = regex.exec(line)
  return match === null ? null : foundAt(form, match)
}

function foundAt(form: DateForm, match: RegExpExecArray): Found {
  const end = match.index + match[0].length
  if (!form.inside) return { form, match, start: end - (match[form.cuts[0] ?? 0]?.length ?? 0), end }
  for (const cut of form.cuts) {
    const place = match.indices?.[cut]
    if (place !== undefined) return { form, match, start: place[0], end: place[1] }
  }
  return { form, match, start: end, end }
}

/** A form with what is known of its dates in this source. */
interface Ranked {
  readonly form: DateForm
  hits: number
  /** Where its last date that won began; Infinity before the first. */
  distance: number
}

/** Where the last date lay, and the characters around its ends. */
interface Ends {
  readonly start: number
  readonly before: string
  readonly first: string
  readonly end: number
  readonly last: string
  readonly behind: string
}

/** A date that would do, and the place of its form in the ranking. */
interface Candidate {
  readonly found: Found
  readonly at: number
}

/** What the form that won last says of a line. */
interface Usual {
  readonly won: Candidate | null
  /** Found, but not where it usually is. */
  readonly reserve: Candidate | null
  /** The place of the form when it need not be asked again, else -1. */
  readonly asked: number
}

/** More forms than this are asked together first. */
const FEW = 4

/** What is asked together. */
export interface Together {
  /** Forms that stand at an end of the line. */
  readonly bound: AnyForm
  readonly free: AnyForm
  /** All free forms but one. */
  readonly others: Map<DateForm, AnyForm>
}

/** All sources that look for the same forms share what is made of them. */
const known = new WeakMap<readonly DateForm[], Together>()

function togetherOf(forms: readonly DateForm[]): Together | null {
  if (forms.length <= FEW) return null
  const made = known.get(forms)
  if (made !== undefined) return made
  const bound = new AnyForm(forms.filter(isBound))
  const free = new AnyForm(forms.filter((form) => !isBound(form)))
  const together = { bound, free, others: new Map<DateForm, AnyForm>() }
  known.set(forms, together)
  return together
}

const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u

const startOf = ({ match }: Found): number => match.index
const endOf = ({ match }: Found): number => match.index + match[0].length
const isBound = (form: DateForm): boolean => form.anchored || form.endsLine
const weightOf = ({ form, hits, distance }: Ranked): number => (hits * form.weight) / Math.max(1, distance)

/**
 * Chooses among the dates of a line as fail2ban does: by a ranking of forms that depends on the lines before. The form
 * that won last is asked first; a date that is bound to an end of the line wins at once; of those that lie further
 * inside than usual the first one in the line wins. Forms that win often move to the front.
 */
export class Ranking {
  readonly #ranked: Ranked[]
  readonly #forms: readonly DateForm[]
  readonly #together: Together | null
  #last = -1
  #ends: Ends | null = null
  /** All forms before this one have won once. */
  #firstUnused = 0

  /** `together`: null for tests of what comes out without it. */
  constructor(forms: readonly DateForm[], together = togetherOf(forms)) {
    this.#ranked = forms.map((form) => ({ form, hits: 0, distance: Infinity }))
    this.#forms = forms
    this.#together = together
  }

  /** The last form won so many times more, at the start of a line. */
  again(times: number): void {
    const ranked = this.#ranked[this.#last]
    if (ranked !== undefined) ranked.hits += times
  }

  /** A date of a line out of order, by which nothing is learned: that of the last form, else of the first that has one. */
  glance(line: string, wide: boolean): Found | null {
    const last = this.#ranked[this.#last]
    const usual = last === undefined ? null : locate(last.form, line, wide)
    if (usual !== null) return usual
    for (const { form } of this.#ranked) {
      const found = locate(form, line, wide)
      if (found !== null) return found
    }
    return null
  }

  /** The date of the next line; null when it has none. `wide`: what isWide says of the line. */
  find(line: string, wide: boolean): Found | null {
    const usual = this.#usual(line, wide)
    const best = usual.won ?? this.#search(line, wide, usual)
    if (best !== null) this.#reward(line, best)
    return best?.found ?? null
  }

  #usual(line: string, wide: boolean): Usual {
    const ranked = this.#ranked[this.#last]
    const ends = this.#ends
    if (ranked === undefined || ends === null) return { won: null, reserve: null, asked: -1 }
    const { form } = ranked
    const isInPlace = !isBound(form) && fits(line, ends)
    const found = isInPlace
      ? locateFrom(form, line.slice(0, ends.end), { wide, from: ends.start })
      : locate(form, line, wide)
    const asked = isInPlace ? -1 : this.#last
    if (found === null) return { won: null, reserve: null, asked }
    const candidate = { found, at: this.#last }
    const isUsual =
      this.#ranked.length === 1 ||
      isBound(form) ||
      (startOf(found) === ends.start && endOf(found) === ends.end)
    return isUsual ? { won: candidate, reserve: null, asked } : { won: null, reserve: candidate, asked }
  }

  /**
   * Whether no other form can win over a date of the last one. Of a date further inside than the one before it wins where it
   * begins first; else what begins behind where the one before did is no better.
   */
  #isAlone(line: string, wide: boolean, { reserve, asked }: Usual): boolean {
    const last = this.#ranked.at(-1)
    if (reserve === null || this.#together === null || last === undefined) return false
    const lastStart = this.#ends?.start ?? 1
    const start = startOf(reserve.found)
    const isFurther = start > lastStart
    // It was looked for at its usual place only: in the whole of the line it may begin elsewhere.
    if (!isFurther && asked < 0) return false
    const { bound, free } = this.#together
    const others = this.#othersThan(reserve.found.form, this.#together)
    const isFirst =
      asked < 0
        ? free.firstIn(line, wide) >= start
        : !others.mayBeginBy(line, wide, isFurther ? start - 1 : lastStart)
    return isFirst && bound.firstIn(line, wide) === Infinity && locate(last.form, line, wide) === null
  }

  #othersThan(form: DateForm, { others }: Together): AnyForm {
    const made =
      others.get(form) ?? new AnyForm(this.#forms.filter((other) => other !== form && !isBound(other)))
    others.set(form, made)
    return made
  }

  #search(line: string, wide: boolean, usual: Usual): Candidate | null {
    let reserve = usual.reserve
    if (reserve !== null && this.#isAlone(line, wide, usual)) return reserve
    const lastStart = this.#ends?.start ?? 1
    for (const [at, { form, distance }] of this.#ranked.entries()) {
      if (at === usual.asked) continue
      const found = locate(form, line, wide)
      if (found === null) continue
      const start = startOf(found)
      const isAtOnce = at === this.#ranked.length - 1 || isBound(form)
      if (isAtOnce || (start <= distance && start <= lastStart)) return { found, at }
      // It may have been written into the message, so that a date before it is better.
      if (reserve === null || start < startOf(reserve.found)) reserve = { found, at }
    }
    return reserve
  }

  #reward(line: string, { found, at }: Candidate): void {
    const ranked = this.#ranked[at]
    if (ranked === undefined) return
    const start = startOf(found)
    const end = endOf(found)
    ranked.hits++
    ranked.distance = start
    if (this.#firstUnused === at) this.#firstUnused++
    this.#ends = {
      ...{ start, before: line[start - 1] ?? '', first: line[start] ?? '' },
      ...{ end, last: line.at(end - 1) ?? '', behind: line[end] ?? '' },
    }
    this.#last = at > 0 && at !== this.#last ? this.#move(at) : at
  }

  /** Moves a form forward, to the first that never won or else half the way, or by one place, as far as it outweighs. */
  #move(from: number): number {
    const far = this.#firstUnused < from ? this.#firstUnused : Math.floor(from / 2)
    const to = [far, from - 1].find((place) => this.#outweighs(from, place))
    if (to === undefined) return from
    this.#ranked.splice(to, 0, ...this.#ranked.splice(from, 1))
    while ((this.#ranked[this.#firstUnused]?.hits ?? 0) > 0) this.#firstUnused++
    return to
  }

  #outweighs(one: number, other: number): boolean {
    const [mine, its] = [this.#ranked[one], this.#ranked[other]]
    if (mine === undefined || its === undefined) return false
    return its.hits === 0 || weightOf(mine) > weightOf(its)
  }
}

const isMark = (char: string): boolean => !LETTER_OR_DIGIT.test(char)

/** Whether a line has the same characters as the one before at the ends of where its date lay: outside, or marks inside. */
function fits(line: string, { start, end, before, behind, first, last }: Ends): boolean {
  const left = (line[start - 1] ?? '') === before || ((line[start] ?? '') === first && isMark(first))
  if (!left) return false
  return (line[end] ?? '') === behind || ((line[end - 1] ?? '') === last && isMark(last))
}
