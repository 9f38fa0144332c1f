/** Numbers that look like chance and come again from the same seed. */
export interface Random {
  /** From 0 up to, not including, `limit`. */
  below(limit: number): number
  /** A whole one. */
  int(limit: number): number
  pick<T>(items: readonly T[]): T
  hex(digits: number): string
}

/** A generator of 32 bits of state (xorshift): quick, and good enough for logs. */
export function makeRandom(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  const below = (limit: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return ((state >>> 0) / 4_294_967_296) * limit
  }
  const int = (limit: number): number => Math.floor(below(limit))
  return {
    below,
    int,
    pick: (items) => {
      const item = items[int(items.length)]
      if (item === undefined) throw new Error('there is nothing to pick from')
      return item
    },
    hex: (digits) => Array.from({ length: digits }, () => int(16).toString(16)).join(''),
  }
}
