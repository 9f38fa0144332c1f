import type { EpochMs } from '../time/epoch.ts'
import { dateToEpoch, type ZoneOffset } from './parse.ts'
import type { DateForms } from './pattern.ts'
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
  /** The date of an earlier line, worked out only when a line without one asks for it. */
  #earlier: Found | null = null
  #earlierAt: EpochMs | null = null

  constructor(forms: DateForms, zone: ZoneOffset) {
    this.#forms = forms
    this.#zone = zone
    this.#byDefault = forms === defaultForms()
  }

  /** Takes the next line; what is left of it without its date, ended by a line feed, is what filters look at. */
  cut(line: string): string {
    if (this.#found !== null) this.#earlier = this.#found
    this.#found = this.#find(line)
    if (this.#found === null) return `${line}\n`
    const { start, end } = this.#found
    return start === 0 ? `${line.slice(end)}\n` : `${line.slice(0, start)}${line.slice(end)}\n`
  }

  /** When the line was written by its own date, else by a date up to a minute before it; null when neither says. */
  at(now: EpochMs): EpochMs | null {
    const own = this.#found === null ? null : this.#toEpoch(this.#found, now)
    if (own !== null) return own
    if (this.#earlier !== null) {
      this.#earlierAt = this.#toEpoch(this.#earlier, now) ?? this.#earlierAt
      this.#earlier = null
    }
    const known = this.#earlierAt
    return known !== null && Math.abs(now - known) < DATE_LASTS ? known : null
  }

  #toEpoch(found: Found, now: EpochMs): EpochMs | null {
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
