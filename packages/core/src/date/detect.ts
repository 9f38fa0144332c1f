import { isWide } from '../regex/expression.ts'
import type { AsciiLine } from '../line/line.ts'
import type { EpochMs } from '../time/epoch.ts'
import { laterBy } from './later.ts'
import { dateToEpoch, REFUSED, UTC, type ZoneOffset } from './parse.ts'
import type { DateForms } from './pattern.ts'
import { locate, Ranking, type Found } from './ranking.ts'
import { RepeatedDate } from './repeat.ts'
import { defaultForms } from './template.ts'

/** Every form that is known by default needs one of these; so most lines without a date are passed over quickly. */
const MAYBE_DATE = /[0-9]:[0-9]|[0-9]{6}|@[0-9a-f]{24}/

/** What is left of a line without its date, ended by a line feed. */
function withoutDate(line: string, { start, end }: Found): string {
  return start === 0 ? `${line.slice(end)}\n` : `${line.slice(0, start)}${line.slice(end)}\n`
}

/** The date that was found last, where it was the first thing in its line. */
interface Repeated {
  readonly date: RepeatedDate
  readonly found: Found
}

/** A date that is all that its line begins with. */
function repeatedOf(line: string, found: Found, before: RepeatedDate | undefined): Repeated | null {
  if (found.start > 0 || !found.form.anchored || found.form.inside) return null
  const date = RepeatedDate.of({ form: found.form, text: line.slice(0, found.end) }, before)
  return date === null ? null : { date, found }
}

/**
 * The same of a line that begins with the date of the one before but for its second. All that was to be asked of that one is
 * true of it: its form wins, and it is no date that is refused. So a new second costs a tenth of what a new date does.
 */
function laterOf({ date, found }: Repeated, line: AsciiLine): Repeated | null {
  const later = date.later(line)
  const again = later === null ? null : locate(found.form, line.ended, false)
  return later === null || again?.start !== 0 || again.end !== later.end
    ? null
    : { date: later, found: again }
}

/** What filters look at in a line that does not count: nothing, not even the line feed of an empty line. */
const NO_LINE = ''

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

/** Lines that nobody had to look at; the dates of the last ones are looked for only when they are asked for. */
type Passed = string

/** Where a line stands. */
interface Place {
  /** True: the line is known to be of ASCII only. */
  readonly isAscii?: boolean
  before?(): Passed
}

/** A date without a year that was guessed back is longer ago. */
const NOT_LONG_AGO = 100 * 86_400_000

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
  #repeated: Repeated | null = null
  /** The date of an earlier line that has one, worked out only when a line without one asks for it. */
  #earlier: Found | null = null
  #earlierAt: EpochMs | null = null
  /** Lines behind that one which nobody looked at. */
  #passed: Passed | null = null
  #place: Place | null = null
  /** The date that was worked out last, and at which moment. */
  #known: { readonly found: Found; readonly now: EpochMs; readonly at: EpochMs | null } | null = null

  /** `zone`: of dates that name none. `local`: what the clock on the wall shows, unless that is the same. */
  constructor(forms: DateForms, zone: ZoneOffset, local: ZoneOffset = zone) {
    this.#ranking = new Ranking(forms)
    this.#zone = zone
    this.#local = local
    this.#byDefault = forms.every((form) => defaultForms().includes(form))
  }

  /**
   * Takes the next line, read at `now`; what is left of it without its date, ended by a line feed, is what filters look at.
   * `place` knows the lines in front of it that nobody looked at.
   */
  cut(line: string, now: EpochMs, place: Place | null = null): string {
    const found = this.#find(line, place?.isAscii !== true && isWide(line))
    this.#found = found
    this.#place = place
    const before = this.#repeated?.date
    this.#repeated = null
    if (found === null) {
      this.#lookBefore()
      return `${line}\n`
    }
    if (isRefused(found)) return NO_LINE
    const at = this.#toEpoch(found, now)
    // What looks like a date and is no time stays in the line where the line belongs to the date of an earlier one.
    const isKept = at === null && found.start < found.end && this.at(now) !== null
    if (at !== null) {
      this.#remember(found)
      this.#repeated = repeatedOf(line, found, before)
    }
    return isKept ? `${line}\n` : withoutDate(line, found)
  }

  /**
   * The same for a line that begins with the date of the one before once more, as most
   * do, or with one of another second; null where it does not, and then nothing was taken.
   */
  cutRepeated(line: AsciiLine): string | null {
    let repeated = this.#repeated
    if (repeated === null) return null
    if (!repeated.date.begins(line)) {
      repeated = laterOf(repeated, line)
      if (repeated === null) return null
      this.#repeated = repeated
    }
    this.#ranking.again(1)
    this.#found = repeated.found
    this.#place = null
    this.#remember(repeated.found)
    return line.ended.slice(repeated.date.end)
  }

  /** Goes on behind some lines that nobody has to look at; `last` are the last ones of them. */
  pass(lines: number, last: Passed): void {
    if (this.#repeated !== null) this.#ranking.again(lines)
    this.#found = null
    this.#place = null
    if (last !== '') this.#passed = last
  }

  #remember(found: Found): void {
    this.#earlier = found
    this.#passed = null
  }

  /** The lines before this one can be had only now. */
  #lookBefore(): void {
    const passed = this.#place?.before?.() ?? ''
    this.#place = null
    if (passed !== '') this.#passed = passed
  }

  /** When the line was written by its own date, else by a date up to a minute before it; null when neither says. */
  at(now: EpochMs): EpochMs | null {
    const own = this.#found === null ? null : this.#toEpoch(this.#found, now)
    if (own !== null) return own
    this.#lookBefore()
    const passed = this.#passed === null ? null : this.#lastDateIn(this.#passed, now)
    const earlier = passed ?? (this.#earlier === null ? null : this.#toEpoch(this.#earlier, now))
    this.#earlierAt = earlier ?? this.#earlierAt
    this.#earlier = null
    this.#passed = null
    const known = this.#earlierAt
    return known !== null && now - known < DATE_LASTS ? known : null
  }

  /** The date of the last one of some lines that has one. */
  #lastDateIn(lines: Passed, now: EpochMs): EpochMs | null {
    for (const line of lines.split('\n').reverse()) {
      const found = this.#ranking.glance(line, isWide(line))
      const at = found === null ? null : this.#toEpoch(found, now)
      if (at !== null) return at
    }
    return null
  }

  /** The lines of a second come together, so most dates are the one before once more. */
  #toEpoch(found: Found, now: EpochMs): EpochMs | null {
    const known = this.#known
    if (known !== null && known.now === now && (known.found === found || isSameDate(known.found, found)))
      return known.at
    const at = this.#laterThanKnown(found, now) ?? this.#workOut(found, now)
    this.#known = { found, now, at }
    return at
  }

  /**
   * Where only the second is another one than before: that long after it. Neither lies ahead or long ago, so that no day
   * or year was guessed back.
   */
  #laterThanKnown(found: Found, now: EpochMs): EpochMs | null {
    const known = this.#known
    if (known === null || known.at === null || known.now !== now) return null
    const later = laterBy(found, known.found)
    const at = later === null ? Infinity : known.at + later
    return Math.max(at, known.at) > now || now - at > NOT_LONG_AGO ? null : at
  }

  #workOut(found: Found, now: EpochMs): EpochMs | null {
    // A pattern that captures nothing marks a line that has no date of its own.
    if (found.start === found.end) return null
    const at = dateToEpoch(fieldsOf(found), { now, zone: this.#zone, local: this.#local })
    return at === REFUSED ? null : at
  }

  #find(line: string, wide: boolean): Found | null {
    const maybe = !this.#byDefault || MAYBE_DATE.test(line)
    return maybe || wide ? this.#ranking.find(line, wide) : null
  }
}
