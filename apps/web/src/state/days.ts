import type { AddressView } from '@warder/protocol/api'

/** What was counted in one span. */
export interface Day {
  readonly at: number
  readonly failures: number
  readonly bans: number
}

/** The spans of an address → the last `count` of them without holes, oldest first, ending with that of `now`. */
export function daysOf({ spans, spanMs }: AddressView, now: number, count: number): readonly Day[] {
  const last = now - (now % spanMs)
  const known = new Map(spans.map((span) => [span.at, span]))
  return Array.from({ length: count }, (_, index) => {
    const at = last - (count - 1 - index) * spanMs
    return known.get(at) ?? { at, failures: 0, bans: 0 }
  })
}
