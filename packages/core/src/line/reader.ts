import { DateReader } from '../date/detect.ts'
import type { ZoneOffset } from '../date/parse.ts'
import type { DateForms } from '../date/pattern.ts'
import type { EpochMs } from '../time/epoch.ts'
import { JOURNAL, LINE_LIMIT, type LogLine } from './line.ts'

/** How far the date of a line that was written just now may be off before it is taken for a wrong clock or zone. */
const CLOCK_TOLERANCE = 60_000

/** The part of a line that is looked at: its first physical line, bounded. */
function visibleText(text: string): string {
  const end = text.indexOf('\n')
  const first = end < 0 ? text : text.slice(0, end)
  return first.length > LINE_LIMIT ? first.slice(0, LINE_LIMIT) : first
}

/** The current line as filters with the same dates see it. */
interface Dated {
  readonly dates: DateReader
  /** Which line `text` belongs to. */
  turn: number
  /** Null: the line was passed over. */
  text: string | null
}

/**
 * The lines of one source, one at a time: their text without the date, and when they were written. Filters that
 * look for the same dates share the work.
 */
export class SourceReader {
  readonly #zone: ZoneOffset
  readonly #dated = new Map<DateForms, Dated>()
  #line: LogLine | null = null
  #turn = 0
  #visible = ''

  constructor(zone: ZoneOffset) {
    this.#zone = zone
  }

  /** Goes on to the next line. */
  take(line: LogLine): void {
    this.#line = line
    this.#turn++
    this.#visible = visibleText(line.text)
  }

  /** The line that the reader is at; null before the first. */
  get line(): LogLine | null {
    return this.#line
  }

  /** The line as it was written, bounded. */
  get visible(): string {
    return this.#visible
  }

  /** What filters look at: the line without its date, ended by a line feed. An entry of the journal has none. */
  text(forms: DateForms): string {
    return this.#hasOwnDate() ? this.#cut(forms).text : `${this.#visible}\n`
  }

  /**
   * Whether what filters look at can hold what they need. A line that cannot is passed over: nothing is cut out of
   * it, but the dates of the lines to come are read as if it had been.
   */
  mayHold(needed: RegExp, forms: DateForms): boolean {
    if (needed.test(this.#visible)) return true
    if (!this.#hasOwnDate()) return false
    const dated = this.#datedBy(forms)
    if (dated.turn !== this.#turn && dated.dates.passes(this.#visible)) {
      dated.turn = this.#turn
      dated.text = null
    }
    // Where a date stands inside a line, what is left of the line may hold more than the line did.
    return (dated.turn !== this.#turn || dated.text !== null) && needed.test(this.#cut(forms).text)
  }

  /** When the line was written: its source knows, or its date says, or else when it was read. Never after now. */
  time(forms: DateForms, now: EpochMs): EpochMs {
    const line = this.#line
    if (line === null) return now
    const read = Math.min(line.readAt, now)
    if (line.writtenAt !== undefined) return Math.min(line.writtenAt, now)
    const dated = this.#hasOwnDate() ? this.#cut(forms).dates.at(read) : null
    // Nothing was logged before 1970, and moments are never negative.
    if (dated === null || dated < 0) return read
    const isWrongClock = line.live === true && Math.abs(dated - read) > CLOCK_TOLERANCE
    return isWrongClock ? read : Math.min(dated, read)
  }

  #hasOwnDate(): boolean {
    return this.#line !== null && this.#line.writtenAt === undefined && this.#line.source !== JOURNAL
  }

  #datedBy(forms: DateForms): Dated {
    const known = this.#dated.get(forms)
    if (known !== undefined) return known
    const made = { dates: new DateReader(forms, forms.zone ?? this.#zone), turn: 0, text: '' }
    this.#dated.set(forms, made)
    return made
  }

  #cut(forms: DateForms): { readonly dates: DateReader; readonly text: string } {
    const dated = this.#datedBy(forms)
    const { dates } = dated
    const isKnown = dated.turn === this.#turn
    const text =
      isKnown && dated.text !== null ? dated.text : isKnown ? dates.cutPassed() : dates.cut(this.#visible)
    dated.turn = this.#turn
    dated.text = text
    return { dates, text }
  }
}
