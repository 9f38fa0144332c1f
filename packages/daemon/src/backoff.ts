/** How long to wait before another try. */
export interface Backoff {
  /** The next delay in ms; grows with each call. */
  next(): number
  /** To be called after a time of success: the next delay is short again. */
  reset(): void
}

/**
 * Full jitter: a random delay between 0 and a ceiling that doubles from `first` to `most` (ms), so that
 * many who lost the same peer do not come back together. `random` gives numbers in [0, 1).
 */
export function fullJitter(first: number, most: number, random: () => number = Math.random): Backoff {
  let ceiling = first
  return {
    next() {
      const delay = Math.round(random() * ceiling)
      ceiling = Math.min(most, ceiling * 2)
      return delay
    },
    reset() {
      ceiling = first
    },
  }
}
