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

/** What is left of a line without its date, ended by a line feed. */
function withoutDate(line: string, found: Found | null): string {
  if (found === null) return `${line}\n`
  const { start, end } = found
  return start === 0 ? `${line.slice(end)}\n` : `${line.slice(0, start)}${line.slice(end)}\n`
}

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
  readonly #forms: DateForms
  readonly #zone: ZoneOffset
  readonly #byDefault: boolean
  #last: DateForm | null = null
  #neighbours = ''
  #found: Found | null = null
  /** The current line where it was passed over: its date has the form, and was not looked at. */
  #passed: Passed | null = null
  /** The date of an earlier line, worked out only when a line without one asks for it. */
  #earlier: Found | Passed | null = null
  #earlierAt: EpochMs | null = null
  /** The date that was worked out last, and at which moment. */
  #known: { readonly found: Found; readonly now: EpochMs; readonly at: EpochMs | null } | null = null

  constructor(forms: DateForms, zone: ZoneOffset) {
    this.#forms = forms
    this.#zone = zone
    this.#byDefault = forms === defaultForms()
  }

  /** Takes the next line; what is left of it without its date, ended by a line feed, is what filters look at. */
  cut(line: string): string {
    this.#goOn()
    this.#found = this.#find(line)
    return withoutDate(line, this.#found)
  }

  /**
   * Takes the next line without looking at its date, where that can be: the usual form finds one at its very start,
   * so that cutting it out joins nothing. False: the line was not taken.
   */
  passes(line: string): boolean {
    const form = this.#last
    if (form === null || !form.anchored || form.inside) return false
    if (!STARTS_AS_WORD.test(line) || !form.regex.test(line)) return false
    this.#goOn()
    this.#found = null
    this.#passed = { form, line }
    return true
  }

  /** What is left of a line that was passed over, should somebody ask after all. */
  cutPassed(): string {
    const { form, line } = this.#passed ?? { form: null, line: '' }
    this.#passed = null
    this.#found = form === null ? null : locate(form, line)
    return withoutDate(line, this.#found)
  }

  #goOn(): void {
    const before = this.#passed ?? this.#found
    if (before !== null) this.#earlier = before
    this.#passed = null
  }

  /** When the line was written by its own date, else by a date up to a minute before it; null when neither says. */
  at(now: EpochMs): EpochMs | null {
    const own = this.#found === null ? null : this.#toEpoch(this.#found, now)
    if (own !== null) return own
    if (this.#earlier !== null) {
      const found = 'line' in this.#earlier ? locate(this.#earlier.form, this.#earlier.line) : this.#earlier
      const at = found === null ? null : this.#toEpoch(found, now)
      this.#earlierAt = at ?? this.#earlierAt
      this.#earlier = null
    }
    const known = this.#earlierAt
    return known !== null && Math.abs(now - known) < DATE_LASTS ? known : null
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
