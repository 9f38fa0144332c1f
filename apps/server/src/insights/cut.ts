import type { EpochMs } from '@warder/core'
import { DAY_MS, HOUR_MS, MINUTE_MS, spanStart, type Span } from '../timeline/buckets.ts'

/** Up to this age nodes and jails are counted by the minute, and addresses and countries by the hour. */
const RECENT_MS = 2 * DAY_MS
/** Up to this age nodes and jails are counted by the hour. */
const HOURS_KEPT_MS = 31 * DAY_MS

/** Whole spans that hold a range. */
export interface Spans {
  readonly span: Span
  readonly from: EpochMs
  readonly to: EpochMs
}

/** Which counters tell a range: those of nodes and jails, and those of addresses and countries, which are coarser. */
export interface RangeCut {
  readonly counters: Spans
  readonly wide: Spans & { readonly starts: readonly EpochMs[] }
}

function widened(from: EpochMs, to: EpochMs, span: Span): Spans {
  const last = spanStart(to - 1, span)
  return { span, from: spanStart(from, span), to: last + span }
}

/** A range (`to` not in it, behind `from`) → the whole minutes, hours or days that hold it, as far as they are kept. */
export function cutOfRange(from: EpochMs, to: EpochMs, now: EpochMs): RangeCut {
  const age = Math.max(now, to) - from
  const wide = widened(from, to, age <= RECENT_MS ? HOUR_MS : DAY_MS)
  const count = (wide.to - wide.from) / wide.span
  const fine = age <= RECENT_MS ? MINUTE_MS : age <= HOURS_KEPT_MS ? HOUR_MS : DAY_MS
  return {
    counters: widened(from, to, fine),
    wide: {
      ...wide,
      starts: Array.from({ length: count }, (_, index) => wide.from + index * wide.span),
    },
  }
}
