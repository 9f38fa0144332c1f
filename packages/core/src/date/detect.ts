import { isWide } from '../regex/expression.ts'
import type { EpochMs } from '../time/epoch.ts'
import { dateToEpoch, REFUSED, UTC, type ZoneOffset } from './parse.ts'
import type { DateForms } from './pattern.ts'
import { locate, Ranking, type Found } from './ranking.ts'
import { defaultForms, type DateForm } from './template.ts'

/** Every form that is known by default needs one of these; so most lines without a date are passed over quickly. */
const MAYBE_DATE = /[0-9]:[0-9]|[0-9]{6}|@[0-9a-f]{24}/

/** What is left of a line without its date, ended by a line feed. */
function withoutDate(line: string, { start, end }: Found): string {
  return start === 0 ? `${line.slice(end)}\n` : `${line.slice(0, start)}${line.slice(end)}\n`
}

/** What filters look at in a line that does not count. */
const NO_LINE = '\n'

/** The captured fields of a date, in the order of its form. */
function fieldsOf(found: Found): Map<string, string> {
  const fields = new Map<string, string>()
  for (const [field, positions] of found.form.fields) {
    for (const position of positions) {
      const text = found.match[position]
      if (text !== undefined) fields.set(field, text)
    }
  }
  return fields
}

/** fail2ban fails over such a line, and does not look at it. */
const isRefused = (found: Found): boolean =>
  found.form.isDoubtful && dateToEpoch(fieldsOf(found), { now: 0, zone: UTC }) === REFUSED

/** Whether all fields of two dates are the same. */
function isSameDate(one: Found, other: Found): boolean {
  if (one.form !== other.form) return false
  for (const position of one.form.positions) if (one.match[position] !== other.match[position]) return false
  return true
}

/** A line whose date has this form, not looked at yet. */
interface Passed {
  readonly form: DateForm
  readonly line: string
}

/** What the anchored forms take before a date is no part of a word. */
const STARTS_AS_WORD = /^[0-9A-Za-z]/

/** How long a line without a date belongs to the date of an earlier line. */
const DATE_LASTS = 60_000

/**
 * Finds the dates in the lines of one source. It remembers which form won last, since the lines of a source look
 * alike, and the last date, which lines without one belong to.
 */
export class DateReader {
  readonly #zone: ZoneOffset
  readonly #local: ZoneOffset
  readonly #byDefault: boolean
  readonly #ranking: Ranking
  #found: Found | null = null
  /** The current line where it was passed over: its date has the form, and was not looked at. */
  #passed: Passed | null = null
  /** A line that was passed over, its date worked out only when a line without one asks for it. */
  #earlier: Passed | null = null
  /** The date of an earlier line, if none was passed over since. */
  #earlierAt: EpochMs | null = null
  /** The date that was worked out last, and at which moment. */
  #known: { readonly found: Found; readonly now: EpochMs; readonly at: EpochMs | null } | null = null

  /** `zone`: of dates that name none. `local`: what the clock on the wall shows, unless that is the same. */
  constructor(forms: DateForms, zone: ZoneOffset, local: ZoneOffset = zone) {
    this.#ranking = new Ranking(forms)
    this.#zone = zone
    this.#local = local
    this.#byDefault = forms.every((form) => defaultForms().includes(form))
  }

  /** Takes the next line, read at `now`; what is left of it without its date, ended by a line feed, is what filters look at. */
  cut(line: string, now: EpochMs): string {
    this.#goOn()
    this.#found = this.#find(line)
    return this.#without(line, now)
  }

  /**
   * Takes the next line without looking at its date, where that can be: the usual form finds one at its very start,
   * so that cutting it out joins nothing. False: the line was not taken.
   */
  passes(line: string): boolean {
    const form = this.#ranking.last
    if (form === null || !form.anchored || form.inside) return false
    if (!STARTS_AS_WORD.test(line) || !form.regex(false).test(line)) return false
    this.#ranking.again()
    this.#goOn()
    this.#found = null
    this.#passed = { form, line }
    return true
  }

  /** What is left of a line that was passed over, should somebody ask after all. */
  cutPassed(now: EpochMs): string {
    const { form, line } = this.#passed ?? { form: null, line: '' }
    this.#passed = null
    this.#found = form === null ? null : locate(form, line, false)
    return this.#without(line, now)
  }

  #without(line: string, now: EpochMs): string {
    const found = this.#found
    if (found === null) return `${line}\n`
    if (isRefused(found)) return NO_LINE
    // What looks like a date and is no time stays in the line where the line belongs to the date of an earlier one.
    const at = this.#toEpoch(found, now)
    const isKept = at === null && found.start < found.end && this.at(now) !== null
    if (at !== null) {
      this.#earlierAt = at
      this.#earlier = null
    }
    return isKept ? `${line}\n` : withoutDate(line, found)
  }

  #goOn(): void {
    if (this.#passed !== null) this.#earlier = this.#passed
    this.#passed = null
  }

  /** When the line was written by its own date, else by a date up to a minute before it; null when neither says. */
  at(now: EpochMs): EpochMs | null {
    const own = this.#found === null ? null : this.#toEpoch(this.#found, now)
    if (own !== null) return own
    if (this.#earlier !== null) {
      const found = locate(this.#earlier.form, this.#earlier.line, false)
      const at = found === null ? null : this.#toEpoch(found, now)
      this.#earlierAt = at ?? this.#earlierAt
      this.#earlier = null
    }
    const known = this.#earlierAt
    return known !== null && now - known < DATE_LASTS ? known : null
  }

  /** The lines of a second come together, so most dates are the one before once more. */
  #toEpoch(found: Found, now: EpochMs): EpochMs | null {
    const known = this.#known
    if (known !== null && known.now === now && isSameDate(known.found, found)) return known.at
    const at = this.#workOut(found, now)
    this.#known = { found, now, at }
    return at
  }

  #workOut(found: Found, now: EpochMs): EpochMs | null {
    // A pattern that captures nothing marks a line that has no date of its own.
    if (found.start === found.end) return null
    const at = dateToEpoch(fieldsOf(found), { now, zone: this.#zone, local: this.#local })
    return at === REFUSED ? null : at
  }

  #find(line: string): Found | null {
    const maybe = !this.#byDefault || MAYBE_DATE.test(line)
    const wide = isWide(line)
    return maybe || wide ? this.#ranking.find(line, wide) : null
  }
}
