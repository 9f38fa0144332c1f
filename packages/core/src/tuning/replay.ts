import { endAfter } from '../ban/ban-time.ts'
import type { Failure } from '../failure/failure.ts'
import { FailureTracker } from '../failure/tracker.ts'
import type { JailSettings } from '../jail/settings.ts'
import type { EpochMs } from '../time/epoch.ts'

/** What a replay tries. */
export type ReplaySettings = Pick<JailSettings, 'enabled' | 'maxretry' | 'findtime' | 'bantime'>

/** A failure of the past, as far as counting needs it. */
export interface ReplayedFailure {
  readonly ip: string
  readonly at: EpochMs
}

/** A ban that would have been made. */
export interface ReplayedBan {
  readonly ip: string
  readonly at: EpochMs
  /** Null: for ever. */
  readonly until: EpochMs | null
  readonly failures: number
}

/**
 * What a jail would have made of failures of the past, counted by the engine's own tracker. While an address is banned here
 * its failures do not count: they would not have come in. What the node's real bans kept away is not in the past and cannot
 * be counted either.
 */
export class Replay {
  readonly #settings: ReplaySettings
  readonly #tracker: FailureTracker
  /** Until when each address is banned; Infinity: for ever. */
  readonly #banned = new Map<string, number>()

  constructor(settings: ReplaySettings) {
    this.#settings = settings
    const { maxretry, findtime } = settings
    this.#tracker = new FailureTracker({ maxretry, findtime, maxmatches: 0 })
  }

  /** Takes the next failure, in the order in which they came in; a ban where it leads to one. */
  take({ ip, at }: ReplayedFailure): ReplayedBan | null {
    if (!this.#settings.enabled) return null
    const until = this.#banned.get(ip)
    if (until !== undefined) {
      if (at < until) return null
      this.#banned.delete(ip)
    }
    const failure: Failure = { jail: '', ip, at, line: '' }
    const ticket = this.#tracker.count(failure, at)
    if (ticket === null) return null
    const end = endAfter(ticket.last, this.#settings.bantime)
    if (end === null || end > at) this.#banned.set(ip, end ?? Infinity)
    return { ip, at, until: end, failures: ticket.failures }
  }
}
