import type { ZoneOffset } from '../date/parse.ts'
import type { Jail, Surroundings } from '../jail/jail.ts'
import type { LogLine } from '../line/line.ts'
import { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Effect } from './effect.ts'
import type { SourceFigures } from './view.ts'

const NOTHING: readonly Effect[] = []

/** One source: the jails that listen to it, and what came from it. */
export class Source {
  readonly id: string
  readonly #reader: SourceReader
  #jails: readonly Jail[] = []
  #lines = 0
  #matches = 0
  #stale = 0
  #lastLineAt: EpochMs | null = null
  #lastMatchAt: EpochMs | null = null

  constructor(id: string, zone: ZoneOffset) {
    this.id = id
    this.#reader = new SourceReader(zone)
  }

  /** From now on these jails listen. */
  listen(jails: readonly Jail[]): void {
    this.#jails = jails
  }

  /** Hands a line to every jail that listens. */
  take(line: LogLine, around: Surroundings, now: EpochMs): readonly Effect[] {
    this.#lines++
    this.#lastLineAt = line.readAt
    this.#reader.take(line)
    let effects = NOTHING
    let isMatch = false
    for (const jail of this.#jails) {
      const verdict = jail.take(this.#reader, around, now)
      if (verdict.kind === 'no match') continue
      isMatch = true
      if (verdict.kind === 'stale') this.#stale++
      else effects = effects.length === 0 ? verdict.effects : [...effects, ...verdict.effects]
    }
    if (isMatch) {
      this.#matches++
      this.#lastMatchAt = line.readAt
    }
    return effects
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
