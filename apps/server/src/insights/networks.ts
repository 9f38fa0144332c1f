import type { Place } from '@warder/protocol/api'

interface Counted {
  readonly failures: number
  readonly bans: number
}

/** Failures and bans of one network (autonomous system). */
export interface NetworkCount extends Counted {
  readonly asn: number
  readonly network: string | null
}

/** Addresses with where they are at home → their networks, the most failures first. Those of no known network are left out. */
export function networksOf(
  addresses: readonly (Counted & { readonly place: Place | null })[],
  limit: number,
): readonly NetworkCount[] {
  const byNumber = new Map<number, NetworkCount>()
  for (const { failures, bans, place } of addresses) {
    if (place?.asn == null) continue
    const known = byNumber.get(place.asn)
    byNumber.set(place.asn, {
      asn: place.asn,
      network: place.network ?? known?.network ?? null,
      failures: failures + (known?.failures ?? 0),
      bans: bans + (known?.bans ?? 0),
    })
  }
  return [...byNumber.values()]
    .toSorted((one, other) => other.failures - one.failures || other.bans - one.bans)
    .slice(0, limit)
}
