import type { EpochMs } from '@warder/core'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** The spans that failures and bans are counted for by node and jail; days are those of UTC. */
export const SPANS = [MINUTE_MS, HOUR_MS, DAY_MS] as const
/** What failures and bans are counted for by node alone: a timeline of a day is read as it stands, whatever the jails. */
export const NODE_SPAN_MS = 300_000
/** The spans that addresses and countries are counted for. */
export const LONG_SPANS = [HOUR_MS, DAY_MS] as const
export type Span = (typeof SPANS)[number] | typeof NODE_SPAN_MS

/** Where the span begins that a moment lies in. */
export const spanStart = (at: EpochMs, span: number): EpochMs => at - (at % span)

/** A stretch of time, and the counters that tell it. */
export interface Piece {
  readonly span: Span
  readonly from: EpochMs
  readonly to: EpochMs
}

/** All since the beginning of a minute: minutes up to the next full hour, hours behind it. Few rows, however long ago it is. */
export function piecesSince(from: EpochMs): readonly [Piece, Piece] {
  const hour = spanStart(from + HOUR_MS - 1, HOUR_MS)
  return [
    { span: MINUTE_MS, from, to: hour },
    { span: HOUR_MS, from: hour, to: Number.MAX_SAFE_INTEGER },
  ]
}

/** How many failures there were in the last 60 seconds, as far as counts of whole minutes tell. */
export const inLastMinute = (
  now: EpochMs,
  { before, current }: { before: number; current: number },
): number => Math.round(before * (1 - (now % MINUTE_MS) / MINUTE_MS)) + current

/** Most counts in one timeline. */
const MOST_BUCKETS = 10_000
/** The lengths of buckets, and the counters that tell them; the first that is not too fine is taken. */
const UP_TO_A_DAY: readonly (readonly [bucketMs: number, span: Span])[] = [
  [NODE_SPAN_MS, NODE_SPAN_MS],
  [3 * NODE_SPAN_MS, NODE_SPAN_MS],
  [HOUR_MS, HOUR_MS],
]
const ABOVE: readonly (readonly [bucketMs: number, span: Span])[] = [
  [HOUR_MS, HOUR_MS],
  [DAY_MS, DAY_MS],
]

/** How a timeline of so many hours is cut: 5 minutes up to a day, whole hours above, and coarser with many nodes. */
export interface Cut {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly bucketMs: number
  /** The counters to read. */
  readonly span: Span
}

/** The cut that ends with the bucket of `now`. */
export function cutOf(hours: number, now: EpochMs, nodes = 1): Cut {
  const cuts = hours <= 24 ? UP_TO_A_DAY : ABOVE
  const few = ([bucketMs]: (typeof cuts)[number]): boolean =>
    (nodes * hours * HOUR_MS) / bucketMs <= MOST_BUCKETS
  const [bucketMs, span] = cuts.find(few) ?? cuts.at(-1) ?? [DAY_MS, DAY_MS]
  const to = spanStart(now, bucketMs) + bucketMs
  return { from: to - Math.ceil((hours * HOUR_MS) / bucketMs) * bucketMs, to, bucketMs, span }
}

/** Whole hours up to two days, whole days (UTC) above: the beginnings of all spans of the last so many hours, oldest first. */
export function spansOf(
  hours: number,
  now: EpochMs,
): { readonly span: Span; readonly starts: readonly EpochMs[] } {
  const span = hours <= 48 ? HOUR_MS : DAY_MS
  const last = spanStart(now, span)
  const count = Math.max(1, Math.ceil((hours * HOUR_MS) / span))
  return { span, starts: Array.from({ length: count }, (_, i) => last - (count - 1 - i) * span) }
}

/** Midnight before a moment, where the server stands. */
export const startOfDay = (now: EpochMs): EpochMs => new Date(now).setHours(0, 0, 0, 0)
