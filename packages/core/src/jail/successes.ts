import type { Effect } from '../engine/effect.ts'
import type { CompiledFilter } from '../filter/compile.ts'
import { matchesJournal } from '../filter/journal.ts'
import { RunningFilter } from '../filter/match.ts'
import { TargetSet } from '../ip/target-set.ts'
import { isLong, JOURNAL, type LogLine } from '../line/line.ts'
import type { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledJail } from './compile.ts'
import type { SuccessLog } from './success-log.ts'
import type { Surroundings } from './surroundings.ts'

const NOTHING: readonly Effect[] = []

/**
 * The logins at a jail that went well. They lead to nothing but being told, and nobody waits for them: lines that could
 * take an expression long are left alone.
 */
export class Successes {
  readonly #jail: string
  readonly #compiled: CompiledFilter
  readonly #filter: RunningFilter
  readonly #ignoreip: TargetSet
  readonly #log: SuccessLog

  /** `filter`: its failregex are what a success looks like. */
  constructor({ definition }: CompiledJail, filter: CompiledFilter, log: SuccessLog) {
    this.#jail = definition.name
    this.#compiled = filter
    this.#filter = new RunningFilter(filter)
    this.#ignoreip = new TargetSet(definition.ignoreip)
    this.#log = log
  }

  /** Texts of which every line that tells of a success holds one; null where that cannot be told. */
  get needed(): CompiledFilter['needed'] {
    return this.#compiled.needed
  }

  /** Looks at the line that the reader is at. Who is never banned is not told of. */
  take(reader: SourceReader, { never }: Surroundings, now: EpochMs): readonly Effect[] {
    if (reader.line === null || !this.#isMeant(reader.line) || !this.#copesWith(reader)) return NOTHING
    const match = this.#filter.match(reader, now)
    if (match === null || match.stranger !== undefined) return NOTHING
    const { ip, at, user } = match
    if (never.reasonFor(ip, this.#ignoreip) !== null) return NOTHING
    const success = { jail: this.#jail, ip, at, ...(user === undefined ? {} : { user }) }
    return this.#log.take(success, now).map((event) => ({ kind: 'record', event }))
  }

  /** As for failures: all lines of a file, and of the journal those that the journalmatch asks for. */
  #isMeant({ source, fields }: LogLine): boolean {
    return source !== JOURNAL || matchesJournal(this.#compiled.journalmatch, fields ?? {})
  }

  #copesWith(reader: SourceReader): boolean {
    const { linear } = this.#compiled
    if (linear === 'none' || reader.line === null || isLong(reader.line)) return false
    return linear === 'all' || !reader.isWide
  }
}
