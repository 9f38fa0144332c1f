import type { LogLine } from '../line/line.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledFilter } from './compile.ts'

/** What a filter found in a line. */
export interface Match {
  /** Canonical address (or subnet, where the filter captures one). */
  readonly ip: string
  /** When it was written, as far as the line or its source says. */
  readonly at: EpochMs
  /** Attacker text, bounded; for display only. */
  readonly user?: string
  /** The line, bounded. */
  readonly text: string
}

/** Lines of one filter → what it finds. Keeps the date form of each source, so one matcher serves one filter. */
export type Matcher = (line: LogLine, now: EpochMs) => Match | null

/** A matcher of a filter. `zoneOffsetMinutes` is the local zone of dates without one (default UTC). */
export function makeMatcher(filter: CompiledFilter, zone?: ZoneOffset): Matcher {
  void filter
  void zone
  return () => null
}

/** Minutes that local time is ahead of UTC at a moment: 60 for Central European winter. */
export type ZoneOffset = (at: EpochMs) => number
