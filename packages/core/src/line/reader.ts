import { DateReader } from '../date/detect.ts'
import type { ZoneOffset } from '../date/parse.ts'
import type { DateForms } from '../date/pattern.ts'
import { isWide } from '../regex/expression.ts'
import type { EpochMs } from '../time/epoch.ts'
import { boundText, EVIDENCE_LIMIT } from './bound.ts'
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
  text: string
}

/**
 * The lines of one source, one at a time: their text without the date, and when they were written. Filters that
 * look for the same dates share the work.
 */
export class SourceReader {
  readonly #zone: ZoneOffset
  readonly #dated = new Map<DateForms, Dated>()
  /** The one that was asked for last: mostly all filters look for the same dates. */
  #last: { readonly forms: DateForms; readonly dated: Dated } | null = null
  #line: LogLine | null = null
  #turn = 0
  /** Worked out when somebody asks. */
  #visible: string | null = null
  #isWide: boolean | null = null
  #isPicked = false

  constructor(zone: ZoneOffset) {
    this.#zone = zone
  }

  /** Goes on to the next line. `isPicked`: it is known to hold what the one filter that looks at it needs. */
  take(line: LogLine, isPicked = false): void {
    this.#line = line
    this.#turn++
    this.#visible = null
    this.#isWide = line.isAscii === true ? false : null
    this.#isPicked = isPicked
  }

  /** The line as it was written, bounded, to be kept. */
  evidence(): string {
    const ended = this.#endedToKeep()
    if (ended === null) return boundText(this.visible, EVIDENCE_LIMIT)
    return this.#isWide === false ? ended.slice(0, -1) : this.visible.toWellFormed()
  }

  /** A piece of the line, cut to a length, to be kept as long as its evidence is: who keeps it for longer copies it. */
  piece(text: string, limit: number): string {
    const isKept = this.#isWide === false && text.length <= limit && this.#endedToKeep() !== null
    return isKept ? text : boundText(text, limit)
  }

  /** The line with its line feed, where it is a text of its own that is short enough to be kept as it is. */
  #endedToKeep(): string | null {
    const ended = this.#line?.ended
    return ended !== undefined && ended.length <= EVIDENCE_LIMIT ? ended : null
  }

  /** Whether the line has anything but ASCII. */
  get isWide(): boolean {
    this.#isWide ??= isWide(this.visible)
    return this.#isWide
  }

  /** The line that the reader is at; null before the first. */
  get line(): LogLine | null {
    return this.#line
  }

  /** The line as it was written, bounded. */
  get visible(): string {
    this.#visible ??= this.#line?.ended?.slice(0, -1) ?? visibleText(this.#line?.text ?? '')
    return this.#visible
  }

  /** What filters look at: the line without its date, ended by a line feed. An entry of the journal has none. */
  text(forms: DateForms): string {
    return this.#hasOwnDate() ? this.#cut(forms).text : (this.#line?.ended ?? `${this.visible}\n`)
  }

  /**
   * Whether what filters look at can hold what they need. A line that cannot is passed over, but the dates of the lines
   * to come are read as if it had not been.
   */
  mayHold(needed: RegExp, forms: DateForms): boolean {
    if (this.#isPicked || needed.test(this.#line?.ended ?? this.visible)) return true
    // A text that a cut date had kept apart is whole only without it.
    return this.#hasOwnDate() && needed.test(this.#cut(forms).text)
  }

  /** Goes on behind some lines that nobody has to look at; `last` are the last ones of them. */
  pass(lines: number, last: string): void {
    for (const { dates } of this.#dated.values()) dates.pass(lines, last)
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
    if (this.#last?.forms === forms) return this.#last.dated
    const dated = this.#dated.get(forms) ?? {
      dates: new DateReader(forms, forms.zone ?? this.#zone, this.#zone),
      turn: 0,
      text: '',
    }
    this.#dated.set(forms, dated)
    this.#last = { forms, dated }
    return dated
  }

  #cut(forms: DateForms): Dated {
    const dated = this.#datedBy(forms)
    if (dated.turn !== this.#turn) {
      dated.turn = this.#turn
      const line = this.#line
      const ascii = line?.ascii ?? null
      const quick = ascii === null ? null : dated.dates.cutRepeated(ascii)
      dated.text = quick ?? dated.dates.cut(this.visible, line?.readAt ?? 0, line)
    }
    return dated
  }
}
