import { familyOf, parseTarget, type EpochMs } from '@warder/core'

/** Most keys that are remembered; the oldest are forgotten first. */
const KEYS = 10_000

/** Allows so many tries per key within a window (ms). */
export class Throttle {
  readonly #limit: number
  readonly #windowMs: number
  readonly #tries = new Map<string, EpochMs[]>()

  constructor(limit: number, windowMs: number) {
    this.#limit = limit
    this.#windowMs = windowMs
  }

  /** Counts a try; false when there were too many. */
  take(key: string, now: EpochMs): boolean {
    const tries = (this.#tries.get(key) ?? []).filter((at) => at > now - this.#windowMs)
    this.#tries.delete(key)
    this.#tries.set(key, tries)
    if (this.#tries.size > KEYS) this.#forgetOldest()
    if (tries.length >= this.#limit) return false
    tries.push(now)
    return true
  }

  /** Takes the last try back: it was a good one. */
  giveBack(key: string): void {
    this.#tries.get(key)?.pop()
  }

  /** Forgets all tries of a key. */
  clear(key: string): void {
    this.#tries.delete(key)
  }

  #forgetOldest(): void {
    const [oldest] = this.#tries.keys()
    if (oldest !== undefined) this.#tries.delete(oldest)
  }
}

/** Who counts as one for a limit: an IPv4 address, or the /64 that a customer has of IPv6. */
export const whoOf = (address: string): string =>
  familyOf(address) === 4 ? address : (parseTarget(`${address}/64`) ?? address)
