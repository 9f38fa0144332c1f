import type { EpochMs } from '../time/epoch.ts'
import { dateToEpoch, type ZoneOffset } from './parse.ts'
import type { DateForms } from './pattern.ts'
import { RepeatedDate } from './repeat.ts'
import { defaultForms, type DateForm } from './template.ts'

/** A date in a line: which form it has, and where it is. */
interface Found {
  readonly form: DateForm
  readonly match: RegExpExecArray
  readonly start: number
  readonly end: number
}

/** Every form that is known by default needs one of these; so most lines without a date are passed over quickly. */
const MAYBE_DATE = /[0-9]:[0-9]|[0-9]{6}/

function locate(form: DateForm, line: string): Found | null {
  const match = form.regex.exec(line)
  if (match === null) return null
  const inside = form.inside ? match.indices?.[form.cut] : undefined
  if (inside !== undefined) return { form, match, start: inside[0], end: inside[1] }
  const end = match.index + match[0].length
  return { form, match, start: end - (match[form.cut]?.length ?? 0), end }
}

/** What stands before and after a date; where it is the same as in the line before, the date is at its usual place. */
const neighboursOf = (line: string, found: Found): string =>
  `${line[found.start - 1] ?? ''}${found.end < line.length ? (line[found.end] ?? '') : ''}`

/** What is left of a line without its date, ended by a line feed. */
function withoutDate(line: string, found: Found | null): string {
  if (found === null) return `${line}\n`
  const { start, end } = found
  return start === 0 ? `${line.slice(end)}\n` : `${line.slice(0, start)}${line.slice(end)}\n`
}

/** A date that is all that its line begins with. */
function repeatedOf(
  line: string,
  found: Found | null,
  before: RepeatedDate | undefined,
): { date: RepeatedDate; found: Found } | null {
  if (found === null || found.start > 0 || !found.form.anchored || found.form.inside) return null
  const date = RepeatedDate.of({ form: found.form, text: line.slice(0, found.end) }, before)
  return date === null ? null : { date, found }
}

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
  before?(): Passed
}

/** How long a line without a date belongs to the date of an earlier line. */
const DATE_LASTS = 60_000

/**
 * Finds the dates in the lines of one source. It remembers which form won last, since the lines of a source look
 * alike, and the last date, which lines without one belong to.
 */
export class DateReader {
  readonly #forms: DateForms
  readonly #zone: ZoneOffset
  readonly #byDefault: boolean
  #last: DateForm | null = null
  #neighbours = ''
  #found: Found | null = null
  /** The date that was found last, where it was the first thing in its line. */
  #repeated: { readonly date: RepeatedDate; readonly found: Found } | null = null
  /** The date of an earlier line, worked out only when a line without one asks for it. */
  #earlier: Found | null = null
  /** Lines behind that one which nobody looked at. */
  #passed: Passed | null = null
  #place: Place | null = null
  #earlierAt: EpochMs | null = null
  /** The date that was worked out last, and at which moment. */
  #known: { readonly found: Found; readonly now: EpochMs; readonly at: EpochMs | null } | null = null

  constructor(forms: DateForms, zone: ZoneOffset) {
    this.#forms = forms
    this.#zone = zone
    this.#byDefault = forms === defaultForms()
  }

  /**
   * Takes the next line; what is left of it without its date, ended by a line feed, is what filters look at. `place`
   * knows the lines in front of it that nobody looked at.
   */
  cut(line: string, place: Place | null = null): string {
    const found = this.#find(line)
    this.#goOn(found, place)
    if (found === null) this.#lookBefore()
    this.#repeated = repeatedOf(line, found, this.#repeated?.date)
    return withoutDate(line, found)
  }

  /**
   * The same for a line with a line feed behind it that begins with the date of the one before once more, as most do; null
   * where it does not, and then nothing was taken.
   */
  cutRepeated(ended: string, place: Place | null): string | null {
    const repeated = this.#repeated
    if (repeated === null || !repeated.date.begins(ended)) return null
    this.#goOn(repeated.found, place)
    return ended.slice(repeated.date.end)
  }

  /** Goes on behind lines that nobody has to look at; `last` are the last ones of them. */
  pass(last: Passed): void {
    this.#goOn(null, null)
    if (last !== '') this.#passed = last
  }

  #goOn(found: Found | null, place: Place | null): void {
    if (this.#found !== null) {
      this.#earlier = this.#found
      this.#passed = null
    }
    this.#found = found
    this.#place = place
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
    return known !== null && Math.abs(now - known) < DATE_LASTS ? known : null
  }

  /** The date of the last one of some lines that has one. */
  #lastDateIn(lines: Passed, now: EpochMs): EpochMs | null {
    for (const line of lines.split('\n').reverse()) {
      const found = (this.#last === null ? null : locate(this.#last, line)) ?? this.#best(line)
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
    const at = this.#workOut(found, now)
    this.#known = { found, now, at }
    return at
  }

  #workOut(found: Found, now: EpochMs): EpochMs | null {
    const fields = new Map<string, string>()
    for (const [field, positions] of found.form.fields) {
      for (const position of positions) {
        const text = found.match[position]
        if (text !== undefined) fields.set(field, text)
      }
    }
    return dateToEpoch(fields, { now, zone: this.#zone })
  }

  #find(line: string): Found | null {
    if (this.#byDefault && !MAYBE_DATE.test(line)) return null
    const usual = this.#last === null ? null : locate(this.#last, line)
    if (usual !== null && (usual.form.anchored || neighboursOf(line, usual) === this.#neighbours))
      return usual
    const best = this.#best(line)
    if (best !== null) {
      this.#last = best.form
      this.#neighbours = neighboursOf(line, best)
    }
    return best
  }

  /** The first form that finds a date at the start of the line, else the date that comes first. */
  #best(line: string): Found | null {
    let best: Found | null = null
    for (const form of this.#forms) {
      const found = locate(form, line)
      if (found === null) continue
      if (form.anchored) return found
      if (best === null || found.start < best.start) best = found
    }
    return best
  }
}
