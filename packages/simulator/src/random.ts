/** Seeded chance: the same seed gives the same numbers on every machine. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number
  /** True with probability `p`. */
  chance(p: number): boolean
  /** One of the items, each as likely. @throws RangeError when there are none */
  pick<T>(items: readonly T[]): T
  /** One of the items, each as likely as its weight says. @throws RangeError when there are none */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T
  /** A waiting time of a process without memory, with this mean. */
  exponential(mean: number): number
  /** How many of something rare happen where `mean` are expected. */
  poisson(mean: number): number
}

/** A chance of its own for a seed, which may have several parts: numbers and names. */
export function makeRandom(...seed: readonly (number | string)[]): Random {
  const next = xoshiro(hashOf(seed.join('\u0000')))
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  const pick = <T>(items: readonly T[]): T => at(items, Math.floor(next() * items.length))
  return {
    next,
    between,
    pick,
    chance: (p) => next() < p,
    weighted(items) {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0)
      const found = items.find(([, weight]) => (left -= weight) < 0) ?? at(items, items.length - 1)
      return found[0]
    },
    exponential: (mean) => -Math.log(1 - next()) * mean,
    poisson: (mean) => poisson(next, mean),
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError('there is nothing to pick from')
  return item
}

/** Counts waiting times that fit into one unit; large means are cut into parts so that e^-mean stays a number. */
function poisson(next: () => number, mean: number): number {
  if (mean > 30) return poisson(next, mean / 2) + poisson(next, mean / 2)
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = next(); product > limit; product *= next()) count++
  return count
}

/** FNV-1a over UTF-16 units: spreads similar seeds apart before the generator starts. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k))

/** xoshiro128**, its state filled by splitmix32 (both published as public domain algorithms). */
function xoshiro(seed: number): () => number {
  let grain = seed
  const fill = (): number => {
    grain = (grain + 0x9e3779b9) | 0
    let z = grain
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let [a, b, c, d] = [fill(), fill(), fill(), fill()]
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return (result >>> 0) / 0x1_0000_0000
  }
}
