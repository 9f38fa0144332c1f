/** A number from 0 up to 1, another one each time. */
export type Chance = () => number

/**
 * Numbers that follow from a seed: the core itself knows no chance, and the same inputs must give the same bans. Good
 * enough to spread the ends of bans (the mixing steps of MurmurHash3 over a counter), not for secrets.
 */
export function chanceFrom(seed: number): Chance {
  let counter = seed | 0
  return () => {
    counter = (counter + 0x9e3779b9) | 0
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}
