import type { Failed } from '../failure/failure.ts'
import { Suspects, type Suspect } from '../failure/suspects.ts'
import { UTC, type ZoneOffset } from '../date/parse.ts'
import { boundText, USER_LIMIT } from '../line/bound.ts'
import type { LogLine } from '../line/line.ts'
import { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledFilter } from './compile.ts'
import { findHit, type Hit } from './find.ts'
import { hostOf, identityOf, namesSomebody, suspectOf, userOf, type Finding } from './finding.ts'
import { LineBuffer, type BufferHit } from './line-buffer.ts'
import { Stories } from './story.ts'

/** What a filter found in a line. */
export interface Match extends Failed {
  /** Canonical address (or subnet, where the filter captures one); of a stranger the text in the place of one. */
  readonly ip: string
  /** What is known of that address from before; absent for strangers. */
  readonly suspect?: Suspect
  /** Present where that is no address: the name of a host, or something else. */
  readonly stranger?: 'host' | 'other'
  /** When it was written, as far as the line or its source says; never later than now. */
  readonly at: EpochMs
  /** Attacker text, bounded; for display only. */
  readonly user?: string
  /** The line, bounded. */
  readonly line: string
}

/** Lines of one filter → what it finds. Keeps the date form of each source, so one matcher serves one filter. */
export type Matcher = (line: LogLine, now: EpochMs) => Match | null

/** No name of a host is longer. */
const NAME_LIMIT = 253
const NOBODY: ReadonlySet<string> = new Set()

/** What tells how long ago the lines of a story were: the moment when they come in, or, of an old log, their own dates. */
export type Clock = 'now' | 'log'

/** A filter at work, with the stories that its lines tell. */
export class RunningFilter {
  readonly #filter: CompiledFilter
  readonly #stories = new Stories()
  readonly #buffer = new LineBuffer()
  readonly #suspects = new Suspects()
  readonly #clock: Clock
  /** Only what lines say each on its own counts, which is nothing but a hit. */
  readonly #isPlain: boolean

  constructor(filter: CompiledFilter, clock: Clock = 'now') {
    this.#filter = filter
    this.#isPlain = filter.maxlines === 1 && !filter.tellsStories
    this.#clock = clock
  }

  /** What the filter finds in the line that a reader is at, as far as it names somebody. */
  match(reader: SourceReader, now: EpochMs): Match | null {
    const finding = this.#isPlain ? this.#findPlain(reader) : this.find(reader, now)
    if (finding === null) return null
    const suspect = suspectOf(finding.captures, this.#filter.identifier, this.#suspects)
    if (suspect === null) return this.#stranger(finding, reader, now)
    const at = reader.time(this.#filter.dates, now)
    const line = reader.evidence()
    const user = userOf(finding.captures)
    const { ip } = suspect
    if (user === null) return { ip, at, line, suspect }
    // A story has it from an earlier line perhaps.
    const kept = this.#isPlain ? reader.piece(user, USER_LIMIT) : boundText(user, USER_LIMIT)
    return { ip, at, user: kept, line, suspect }
  }

  #findPlain(reader: SourceReader): Hit | null {
    if (!this.#mayMatch(reader)) return null
    return findHit(this.#filter, reader.text(this.#filter.dates), reader.isWide)
  }

  #mayMatch(reader: SourceReader): boolean {
    const { candidates, dates } = this.#filter
    return candidates === null || reader.mayHold(candidates, dates)
  }

  #stranger({ captures }: Hit, reader: SourceReader, now: EpochMs): Match | null {
    const host = hostOf(captures)
    const identity = host ?? identityOf(captures)
    if (identity === null) return null
    const at = reader.time(this.#filter.dates, now)
    const line = reader.evidence()
    const ip = boundText(identity, host === null ? USER_LIMIT : NAME_LIMIT)
    const match: Match = { ip, stranger: host === null ? 'other' : 'host', at, line }
    const user = userOf(captures)
    return user === null ? match : { ...match, user: boundText(user, USER_LIMIT) }
  }

  /** All that the filter finds in the line that a reader is at, whoever it names. As in fail2ban a match that names nobody is none. */
  find(reader: SourceReader, now: EpochMs): Finding | null {
    if (!this.#mayMatch(reader)) return null
    const { dates } = this.#filter
    const line = reader.text(dates)
    const hit = this.#hit(line, reader.isWide)
    if (hit === null) return null
    const { index, captures, lines } = hit
    const story = this.#filter.tellsStories ? captures.get('mlfid') : undefined
    if (story !== undefined)
      return this.#stories.tell(story, hit, this.#clock === 'now' ? now : reader.time(dates, now))
    return namesSomebody(captures) ? { index, captures, users: NOBODY, lines } : null
  }

  #hit(line: string, wide: boolean): BufferHit | null {
    if (this.#filter.maxlines > 1) return this.#buffer.find(this.#filter, line)
    const hit = findHit(this.#filter, line, wide)
    return hit === null ? null : { index: hit.index, captures: hit.captures, lines: [line] }
  }
}

/** A matcher of a filter, which leaves strangers out. `zone` is the local zone of dates without one (default UTC). */
export function makeMatcher(filter: CompiledFilter, zone: ZoneOffset = UTC, clock: Clock = 'now'): Matcher {
  const running = new RunningFilter(filter, clock)
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
    const match = running.match(reader, now)
    return match?.stranger === undefined ? match : null
  }
}
