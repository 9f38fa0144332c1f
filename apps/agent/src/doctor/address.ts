/** Ranges that documentation may use and nobody has: RFC 5737. */
const RANGES = ['192.0.2', '198.51.100', '203.0.113']

/** An address of these ranges that is not taken; `chance` is between 0 and 1. */
export function documentationAddress(chance: number, isTaken: (ip: string) => boolean): string {
  const all = RANGES.flatMap((range) => Array.from({ length: 250 }, (_, i) => `${range}.${i + 4}`))
  const from = Math.floor(chance * all.length) % all.length
  const turned = [...all.slice(from), ...all.slice(0, from)]
  return turned.find((ip) => !isTaken(ip)) ?? turned[0] ?? '192.0.2.77'
}
