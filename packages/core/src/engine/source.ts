import type { ZoneOffset } from '../date/parse.ts'
import type { Match } from '../filter/match.ts'
import { isWide } from '../regex/expression.ts'
import { joinNeedles, type Needle } from '../regex/needed.ts'
import type { Jail } from '../jail/jail.ts'
import type { Successes } from '../jail/successes.ts'
import type { Surroundings } from '../jail/surroundings.ts'
import { isLong, type LogLine } from '../line/line.ts'
import { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Effect } from './effect.ts'
import type { Look, Looking } from './look.ts'
import type { SourceFigures } from './view.ts'

const NOTHING: readonly Effect[] = []

/** More texts than this are no quicker to look for than the expressions that need them. */
const MOST_NEEDED = 64

/** Who looks at lines: jails, and what finds successful logins. */
type Looker = Pick<Jail, 'needed'>

/** What those who look need together: a line without any of it leads to nothing. Null: every line may. */
function neededBy(lookers: readonly Looker[]): readonly Needle[] | null {
  const all = lookers.map(({ needed }) => needed)
  const needles = joinNeedles(all.flatMap((needed) => needed ?? []))
  return all.includes(null) || needles.length > MOST_NEEDED ? null : needles
}

/** Whether a line may take the expressions of a jail a time that is not bounded by its length, or a bound beyond milliseconds. */
const mayTakeLong = ({ linear }: Jail, line: LogLine): boolean =>
  linear === 'none' || isLong(line) || (linear === 'ascii' && !(line.isAscii ?? !isWide(line.text)))

/** One source: the jails that listen to it, and what came from it. */
export class Source {
  readonly id: string
  readonly #zone: ZoneOffset
  readonly #reader: SourceReader
  /** For looks that are taken ahead. */
  #ahead: SourceReader
  #jails: readonly Jail[] = []
  #successes: readonly Successes[] = []
  #needed: readonly Needle[] | null = null
  #lines = 0
  #matches = 0
  #stale = 0
  #lastLineAt: EpochMs | null = null
  #lastMatchAt: EpochMs | null = null
  /** The jail whose expressions are at work on a look right now. */
  #looking: Jail | null = null
  /** The line of a look that is not finished, and what was found so far. */
  #begun: { readonly line: LogLine; readonly found: Map<string, Match | null> } | null = null
  /** The line that `#ahead` is at. */
  #aheadAt: LogLine | null = null

  constructor(id: string, zone: ZoneOffset) {
    this.id = id
    this.#zone = zone
    this.#reader = new SourceReader(zone)
    this.#ahead = new SourceReader(zone)
  }

  /** From now on these jails listen. Successes are looked for in lines in which no jail found anything. */
  listen(jails: readonly Jail[], successes: readonly Successes[]): void {
    this.#jails = jails
    this.#successes = successes
    const needed = neededBy(jails)
    // Failures come first: where both together would let every line through, successes are seen only by chance.
    this.#needed = jails.length > 0 && needed === null ? null : (neededBy([...jails, ...successes]) ?? needed)
    this.#begun = null
  }

  /** Texts of which every line holds one that can lead to anything; null: every line can. */
  get needed(): readonly Needle[] | null {
    return this.#needed
  }

  /** Whether a jail listens whose expressions may take long for a line. */
  mayTakeLong(line: LogLine): boolean {
    const jails = this.#jails
    for (let at = 0; at < jails.length; at++) {
      const jail = jails[at]
      if (jail !== undefined && mayTakeLong(jail, line)) return true
    }
    return false
  }

  /** What jails whose expressions may take long find in a line; null where none of them listens. */
  look(line: LogLine, now: EpochMs, { without, isOver }: Looking): Look | null | 'unfinished' {
    if (this.#begun?.line !== line) this.#begun = null
    for (const jail of this.#jails) {
      if (!mayTakeLong(jail, line) || this.#begun?.found.has(jail.name) === true) continue
      this.#begun ??= { line, found: new Map() }
      const isLeftOut = without.has(jail.name)
      if (!isLeftOut && isOver()) return 'unfinished'
      this.#begun.found.set(jail.name, isLeftOut ? null : this.#lookFor(jail, line, now))
    }
    const found = this.#begun?.found ?? null
    this.#begun = null
    return found
  }

  /** A look was broken off → the jail that it is due to. What was found before it stays. */
  giveUpLook(): Jail | null {
    const jail = this.#looking
    this.#looking = null
    this.#ahead = new SourceReader(this.#zone)
    this.#aheadAt = null
    jail?.restart()
    return jail
  }

  #lookFor(jail: Jail, line: LogLine, now: EpochMs): Match | null {
    this.#looking = jail
    if (this.#aheadAt !== line) this.#ahead.take(line)
    this.#aheadAt = line
    const match = jail.match(this.#ahead, now)
    this.#looking = null
    return match
  }

  /** Hands a line to every jail that listens; `look`: what was found in it before. */
  take(
    { line, look }: { line: LogLine; look?: Look | null },
    around: Surroundings,
    now: EpochMs,
  ): readonly Effect[] {
    this.#lines++
    this.#lastLineAt = line.readAt
    // What one jail needs is what the line was picked for.
    this.#reader.take(line, line.isPicked === true && this.#jails.length === 1)
    let effects = NOTHING
    let isMatch = false
    const jails = this.#jails
    for (let at = 0; at < jails.length; at++) {
      const jail = jails[at]
      if (jail === undefined) continue
      const seen = look?.get(jail.name)
      const verdict =
        seen === undefined ? jail.take(this.#reader, around, now) : jail.weigh(seen, around, now)
      if (verdict === 'no match') continue
      isMatch = true
      if (verdict === 'stale') this.#stale++
      else effects = effects.length === 0 ? verdict : [...effects, ...verdict]
    }
    if (isMatch) {
      this.#matches++
      this.#lastMatchAt = line.readAt
      return effects
    }
    for (const each of this.#successes) {
      const told = each.take(this.#reader, around, now)
      if (told.length > 0) effects = [...effects, ...told]
    }
    return effects
  }

  /** Goes on behind lines that hold nothing of what is needed; `last` are the last ones of them. */
  pass({ lines, last, readAt }: { lines: number; last: string; readAt: EpochMs }): void {
    this.#lines += lines
    this.#lastLineAt = readAt
    this.#reader.pass(lines, last)
    this.#ahead.pass(lines, last)
  }

  figures(): SourceFigures {
    return {
      id: this.id,
      lines: this.#lines,
      matches: this.#matches,
      stale: this.#stale,
      lastLineAt: this.#lastLineAt,
      lastMatchAt: this.#lastMatchAt,
    }
  }
}
