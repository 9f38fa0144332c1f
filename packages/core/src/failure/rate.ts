import type { EpochMs } from '../time/epoch.ts'
import type { Limits } from './tracker.ts'

/** What a counter says when maxretry is reached. */
export interface RateTicket {
  /** The estimate that reached maxretry. */
  readonly failures: number
  /** All failures that went into it, however old. */
  readonly seen: number
  readonly last: EpochMs
  readonly lines: readonly string[]
}

/** What is known of one identifier. */
interface Rate {
  first: EpochMs
  last: EpochMs
  failures: number
  seen: number
  lines: string[]
}

/** To the nearest whole number, a half to the even one. */
function roundEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * fail2ban's way of counting: not the failures inside findtime but an estimate of them. When the first failure falls
 * out of findtime, the count is scaled down as if all failures had come evenly.
 */
export class RateCounter {
  readonly #limits: Limits
  readonly #rates = new Map<string, Rate>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Counts a failure. A ticket when maxretry is reached; the identifier then starts from nothing. */
  count(id: string, failure: { readonly at: EpochMs; readonly line: string }): RateTicket | null {
    const { at, line } = failure
    const rate = this.#rates.get(id) ?? { first: at, last: at, failures: 0, seen: 0, lines: [] }
    this.#rates.set(id, rate)
    this.#move(rate, at)
    rate.failures++
    rate.seen++
    rate.lines.push(line)
    if (rate.lines.length > this.#limits.maxmatches) rate.lines.shift()
    if (rate.failures < this.#limits.maxretry) return null
    this.#rates.delete(id)
    return { failures: rate.failures, seen: rate.seen, last: rate.last, lines: rate.lines }
  }

  /** What has not led to a ticket, by identifier. */
  left(): readonly { readonly id: string; readonly failures: number; readonly last: EpochMs }[] {
    return [...this.#rates].map(([id, { failures, last }]) => ({ id, failures, last }))
  }

  /** A failure out of order counts without moving times. */
  #move(rate: Rate, at: EpochMs): void {
    if (at <= rate.last) return
    const window = this.#limits.findtime * 1000
    const oldest = at - window
    if (rate.first < oldest) {
      rate.failures = roundEven((rate.failures / (at - rate.first)) * window)
      rate.first = oldest
    }
    rate.last = at
  }
}
