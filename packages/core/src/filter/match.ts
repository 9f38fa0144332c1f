import { UTC, type ZoneOffset } from '../date/parse.ts'
import { boundText, EVIDENCE_LIMIT, USER_LIMIT } from '../line/bound.ts'
import type { LogLine } from '../line/line.ts'
import { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledFilter } from './compile.ts'
import { findCaptures } from './find.ts'
import { addressOf, toFinding, userOf, type Finding } from './finding.ts'
import { Stories } from './story.ts'

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

/** A filter at work, with the stories that its lines tell. */
export class RunningFilter {
  readonly #filter: CompiledFilter
  readonly #stories = new Stories()

  constructor(filter: CompiledFilter) {
    this.#filter = filter
  }

  /** What the filter finds in the line that a reader is at. */
  match(reader: SourceReader, now: EpochMs): Match | null {
    const { dates } = this.#filter
    const captures = findCaptures(this.#filter, reader.text(dates))
    if (captures === null) return null
    const at = reader.time(dates, now)
    const story = captures.get('mlfid')
    if (story !== undefined) {
      const finding = this.#stories.tell(story, captures, at)
      return finding === null ? null : toMatch(finding, at, reader.visible)
    }
    const ip = addressOf(captures)
    return ip === null ? null : toMatch(toFinding(ip, userOf(captures)), at, reader.visible)
  }
}

function toMatch(finding: Finding, at: EpochMs, text: string): Match {
  const match = { ip: finding.ip, at, text: boundText(text, EVIDENCE_LIMIT) }
  return finding.user === undefined ? match : { ...match, user: boundText(finding.user, USER_LIMIT) }
}

/** A matcher of a filter. `zone` is the local zone of dates without one (default UTC). */
export function makeMatcher(filter: CompiledFilter, zone: ZoneOffset = UTC): Matcher {
  const running = new RunningFilter(filter)
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
    return running.match(reader, now)
  }
}
