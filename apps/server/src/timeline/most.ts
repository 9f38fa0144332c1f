import type { AddressCount } from './store.ts'

/** The largest addresses of several spans → the names of those that are largest in all, at most `limit`. */
export function mostOf(counts: readonly AddressCount[], limit: number): readonly string[] {
  const sums = new Map<string, number>()
  for (const { ip, failures } of counts) sums.set(ip, (sums.get(ip) ?? 0) + failures)
  return [...sums]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, limit)
    .map(([ip]) => ip)
}
