import { UTC, type ZoneOffset } from '../date/parse.ts'
import { isWide } from '../regex/expression.ts'
import { boundText, USER_LIMIT } from '../line/bound.ts'
import type { LogLine } from '../line/line.ts'
import { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledFilter } from './compile.ts'
import { isIgnored, locate, prepare } from './find.ts'
import { addressOf, identityOf, userOf } from './finding.ts'
import { RunningFilter } from './match.ts'

/** A failure as a filter finds it, whoever it names: an address, a host name, or any text. */
export interface TrialFailure {
  /** The address where one was captured, else the same as `id`. */
  readonly host: string
  /** Who would be counted. */
  readonly id: string
  /** Attacker text, bounded; null: nobody was named. */
  readonly user: string | null
  readonly at: EpochMs
}

/** What a filter makes of a line, and by which of its expressions, counted from 0. */
export type TrialVerdict =
  | { readonly kind: 'failure'; readonly rule: number; readonly failure: TrialFailure }
  /** A failregex matched, and what it tells is no failure by itself: it belongs to a story of several lines. */
  | { readonly kind: 'noted'; readonly rule: number }
  /** An ignoreregex matched. `rule` is null where that was looked at before any failregex. */
  | { readonly kind: 'ignored'; readonly rule: number | null; readonly ignoreregex: number }
  | { readonly kind: 'missed' }

const MISSED: TrialVerdict = { kind: 'missed' }

/** A filter tried on the lines of one source: the same decisions as in a jail, with their reasons. */
export class FilterTrial {
  readonly #filter: CompiledFilter
  readonly #running: RunningFilter
  readonly #reader: SourceReader
  /** Where lines are read together: the filter without its ignoreregex, to tell what those took away. */
  readonly #heedless: RunningFilter | null

  /** `zone`: the local zone of dates that name none. */
  constructor(filter: CompiledFilter, zone: ZoneOffset = UTC) {
    this.#filter = filter
    this.#running = new RunningFilter(filter)
    this.#reader = new SourceReader(zone)
    const { ignoreregex, maxlines } = filter
    this.#heedless =
      maxlines > 1 && ignoreregex.length > 0 ? new RunningFilter({ ...filter, ignoreregex: [] }) : null
  }

  /** Takes the next line. `now`: the moment that no date is beyond. */
  take(line: LogLine, now: EpochMs): TrialVerdict {
    this.#reader.take(line)
    const finding = this.#running.find(this.#reader, now)
    const without = this.#heedless?.find(this.#reader, now) ?? null
    if (finding === null) return without === null ? this.#explain() : this.#ignoredTogether(without.index)
    const id = identityOf(finding.captures) ?? ''
    const user = userOf(finding.captures)
    const failure: TrialFailure = {
      host: addressOf(finding.captures) ?? id,
      id,
      user: user === null ? null : boundText(user, USER_LIMIT),
      at: this.#reader.time(this.#filter.dates, now),
    }
    return { kind: 'failure', rule: finding.index, failure }
  }

  /** Why nothing was found: only a line that an ignoreregex or a story concerns is looked at again. */
  #explain(): TrialVerdict {
    const { candidates, dates, ignoreregex, ignoresFirst } = this.#filter
    if (ignoresFirst) {
      const first = this.#ignoring(this.#reader.text(dates))
      if (first >= 0) return { kind: 'ignored', rule: null, ignoreregex: first }
    }
    const mayTell = ignoreregex.length > 0 || this.#filter.tellsStories
    if (!mayTell || this.#filter.maxlines > 1) return MISSED
    if (candidates !== null && !this.#reader.mayHold(candidates, dates)) return MISSED
    const prepared = prepare(this.#filter, this.#reader.text(dates))
    const hit = prepared === null ? null : locate(this.#filter, prepared)
    if (hit === null) return MISSED
    if (isIgnored(this.#filter, hit.text))
      return { kind: 'ignored', rule: hit.index, ignoreregex: this.#ignoring(hit.text) }
    return hit.captures.has('mlfid') ? { kind: 'noted', rule: hit.index } : MISSED
  }

  #ignoredTogether(rule: number): TrialVerdict {
    const ignoreregex = Math.max(0, this.#ignoring(this.#reader.text(this.#filter.dates)))
    return { kind: 'ignored', rule, ignoreregex }
  }

  #ignoring(text: string): number {
    const wide = isWide(text)
    return this.#filter.ignoreregex.findIndex((expression) => expression.holds(text, wide))
  }
}
