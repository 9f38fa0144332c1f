import { UTC, type ZoneOffset } from '../date/parse.ts'
import { boundText, EVIDENCE_LIMIT, USER_LIMIT } from '../line/bound.ts'
import type { LogLine } from '../line/line.ts'
import { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledFilter } from './compile.ts'
import { findFailure } from './find.ts'

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

/** Runs a filter over the line that a reader is at. */
export function matchLine(filter: CompiledFilter, reader: SourceReader, now: EpochMs): Match | null {
  const finding = findFailure(filter, reader.text(filter.dates))
  if (finding === null) return null
  const match = {
    ip: finding.ip,
    at: reader.time(filter.dates, now),
    text: boundText(reader.visible, EVIDENCE_LIMIT),
  }
  return finding.user === undefined ? match : { ...match, user: boundText(finding.user, USER_LIMIT) }
}

/** A matcher of a filter. `zone` is the local zone of dates without one (default UTC). */
export function makeMatcher(filter: CompiledFilter, zone: ZoneOffset = UTC): Matcher {
  const readers = new Map<string, SourceReader>()
  const readerOf = (source: string): SourceReader => {
    const known = readers.get(source)
    if (known !== undefined) return known
    const made = new SourceReader(zone)
    readers.set(source, made)
    return made
  }
  return (line, now) => {
    const reader = readerOf(line.source)
    reader.take(line)
    return matchLine(filter, reader, now)
  }
}
