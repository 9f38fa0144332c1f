import type { EpochMs } from '@warder/core'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** The spans that failures and bans are counted for. */
export const SPANS = [MINUTE_MS, HOUR_MS] as const
export type Span = (typeof SPANS)[number]

/** Where the span begins that a moment lies in. */
export const spanStart = (at: EpochMs, span: number): EpochMs => at - (at % span)

/** How a timeline of so many hours is cut: 5 minutes up to a day, whole hours above. */
export interface Cut {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly bucketMs: number
  /** The counters to read. */
  readonly span: Span
}

/** The cut that ends with the bucket of `now`. */
export function cutOf(hours: number, now: EpochMs): Cut {
  const bucketMs = hours <= 24 ? 5 * MINUTE_MS : HOUR_MS
  const to = spanStart(now, bucketMs) + bucketMs
  return { from: to - hours * HOUR_MS, to, bucketMs, span: hours <= 24 ? MINUTE_MS : HOUR_MS }
}

/** Midnight before a moment, where the server stands. */
export const startOfDay = (now: EpochMs): EpochMs => new Date(now).setHours(0, 0, 0, 0)
