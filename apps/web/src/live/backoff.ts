/** The delays between tries to connect again, in ms: random between a floor and a ceiling that doubles. */
export interface Backoff {
  next(): number
  reset(): void
}

const FLOOR_MS = 200

/** Full jitter, so that many dashboards that lost one server do not all come back at once. `random` gives [0, 1). */
export function fullJitter(first: number, most: number, random: () => number = Math.random): Backoff {
  let ceiling = first
  return {
    next() {
      const delay = FLOOR_MS + Math.round(random() * (ceiling - FLOOR_MS))
      ceiling = Math.min(most, ceiling * 2)
      return delay
    },
    reset() {
      ceiling = first
    },
  }
}
