import type { IgnoreReason, NodeEvent } from '../engine/event.ts'
import type { EpochMs } from '../time/epoch.ts'

type Ignored = Extract<NodeEvent, { kind: 'failure.ignored' }>

/** How long an ignored address is not told of again. */
const SILENCE = 60_000
/** Told once for all: attackers choose such texts, and each would be a new one. */
const OFF_HAND: ReadonlySet<IgnoreReason> = new Set(['not-an-address', 'name-unknown'])
/** Most addresses that silence is kept for; beyond that the oldest may be told of again. */
const MOST_KEPT = 10_000

/** Sees to it that an ignored client that never rests does not flood history: once a minute is enough. */
export class IgnoredLog {
  /** In order of telling, so the first one is the oldest. */
  readonly #toldAt = new Map<string, EpochMs>()

  /** Whether the same jail, address and reason was not told of within the last minute. */
  isWorthTelling(event: Ignored, now: EpochMs): boolean {
    const key = `${event.jail} ${OFF_HAND.has(event.reason) ? '' : event.ip} ${event.reason}`
    const told = this.#toldAt.get(key)
    if (told !== undefined && now - told < SILENCE) return false
    this.#toldAt.delete(key)
    this.#toldAt.set(key, now)
    this.#dropOldest(now)
    return true
  }

  #dropOldest(now: EpochMs): void {
    for (const [key, told] of this.#toldAt) {
      if (now - told < SILENCE && this.#toldAt.size <= MOST_KEPT) return
      this.#toldAt.delete(key)
    }
  }
}
