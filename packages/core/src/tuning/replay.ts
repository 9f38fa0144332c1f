import { endAfter } from '../ban/ban-time.ts'
import { Suspect } from '../failure/suspects.ts'
import { FailureTracker } from '../failure/tracker.ts'
import type { JailSettings } from '../jail/settings.ts'
import type { EpochMs } from '../time/epoch.ts'

/** What a replay tries. */
export type ReplaySettings = Pick<JailSettings, 'enabled' | 'maxretry' | 'findtime' | 'bantime'>

/** A ban that would have been made. */
export interface ReplayedBan {
  readonly at: EpochMs
  /** Null: for ever. */
  readonly until: EpochMs | null
  readonly failures: number
}

/**
 * What a jail would have made of an address's failures of the past, counted by the engine's own tracker. While it is banned
 * here its failures do not count: they would not have come in. What the node's real bans kept away is not in the past and
 * cannot be counted either.
 */
export class Replay {
  readonly #settings: ReplaySettings
  readonly #tracker: FailureTracker
  readonly #suspect: Suspect
  /** Until when it is banned; Infinity: for ever. */
  #until = -Infinity

  constructor(settings: ReplaySettings, ip: string) {
    this.#settings = settings
    const { maxretry, findtime } = settings
    this.#tracker = new FailureTracker({ maxretry, findtime, maxmatches: 0 })
    this.#suspect = new Suspect(ip)
  }

  /** Takes the next failure, in the order in which they came in; a ban where it leads to one. */
  take(at: EpochMs): ReplayedBan | null {
    if (at < this.#until || !this.#settings.enabled) return null
    const { ip } = this.#suspect
    const due = this.#tracker.count({ ip, at, line: '' }, at, 1, this.#suspect)
    if (due === null) return null
    const until = endAfter(due.last, this.#settings.bantime)
    this.#until = until ?? Infinity
    return { at, until, failures: due.failures }
  }
}
