import { DateReader } from '../date/detect.ts'
import { UTC, type ZoneOffset } from '../date/parse.ts'
import { boundText, EVIDENCE_LIMIT, USER_LIMIT } from '../line/bound.ts'
import { JOURNAL, LINE_LIMIT, type LogLine } from '../line/line.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledFilter } from './compile.ts'
import { findFailure, type Finding } from './find.ts'

/** What a filter found in a line. */
export interface Match {
  /** Canonical address (or subnet, where the filter captures one). */
  readonly ip: string
  /** When it was written, as far as the line or its source says; never later than now. */
  readonly at: EpochMs
  /** Attacker text, bounded; for display only. */
  readonly user?: string
  /** The line, bounded. */
  readonly text: string
}

/** Lines of one filter → what it finds. Keeps the date form of each source, so one matcher serves one filter. */
export type Matcher = (line: LogLine, now: EpochMs) => Match | null

/** How far the date of a line that was written just now may be off before it is taken for a wrong clock or zone. */
const CLOCK_TOLERANCE = 60_000

/** The part of a line that is looked at: its first physical line, bounded. */
export function visibleText(text: string): string {
  const end = text.indexOf('\n')
  const first = end < 0 ? text : text.slice(0, end)
  return first.length > LINE_LIMIT ? first.slice(0, LINE_LIMIT) : first
}

/** Whether a line carries its date in its text: the journal's entries do not. */
export const hasOwnDate = (line: LogLine): boolean => line.writtenAt === undefined && line.source !== JOURNAL

/** When a line was written: its source knows, or its date says, or else when it was read. Never after now. */
export function timeOf(line: LogLine, dates: DateReader | null, now: EpochMs): EpochMs {
  const read = Math.min(line.readAt, now)
  if (line.writtenAt !== undefined) return Math.min(line.writtenAt, now)
  const dated = dates?.at(read) ?? null
  if (dated === null) return read
  const isWrongClock = line.live === true && Math.abs(dated - read) > CLOCK_TOLERANCE
  return isWrongClock ? read : Math.min(dated, read)
}

/** A finding as a match: with its time, and everything from the log bounded. */
export function toMatch(finding: Finding, at: EpochMs, text: string): Match {
  const bounded = { ip: finding.ip, at, text: boundText(text, EVIDENCE_LIMIT) }
  return finding.user === undefined ? bounded : { ...bounded, user: boundText(finding.user, USER_LIMIT) }
}

/** A matcher of a filter. `zone` is the local zone of dates without one (default UTC). */
export function makeMatcher(filter: CompiledFilter, zone: ZoneOffset = UTC): Matcher {
  const readers = new Map<string, DateReader>()
  const readerOf = (source: string): DateReader => {
    const known = readers.get(source)
    if (known !== undefined) return known
    const made = new DateReader(filter.dates, zone)
    readers.set(source, made)
    return made
  }
  return (line, now) => {
    const text = visibleText(line.text)
    const dates = hasOwnDate(line) ? readerOf(line.source) : null
    const finding = findFailure(filter, dates === null ? `${text}\n` : dates.cut(text))
    return finding === null ? null : toMatch(finding, timeOf(line, dates, now), text)
  }
}
