import type { TimeRange } from '../routes.ts'
import { t } from '../language/t.ts'

/** A change from one number to another, in words: `+40 %`, `−3 %`, `the same`, `new`. Empty: both are nothing. */
export function changeWords(before: number, now: number): string {
  if (before === now) return now === 0 ? '' : t('the same')
  if (before === 0) return t('new|there was none before')
  const percent = Math.round(((now - before) / before) * 100)
  if (percent === 0) return t('about the same')
  return percent > 0 ? `+${percent} %` : `−${-percent} %`
}

/** The range of the same length that ends where this one begins. */
export const rangeBefore = ({ from, to }: TimeRange): TimeRange => ({ from: from - (to - from), to: from })

/** Whole buckets of a timeline, from one slot to another in whichever order (both in it). */
export function rangeOfSlots(
  { from, bucketMs }: { readonly from: number; readonly bucketMs: number },
  one: number,
  other: number,
): TimeRange {
  const [first, last] = [Math.min(one, other), Math.max(one, other)]
  return { from: from + first * bucketMs, to: from + (last + 1) * bucketMs }
}

/** What part of a whole a range covers, as shares from 0 to 1; null: it lies outside. */
export function shareOf(
  range: TimeRange,
  whole: TimeRange,
): { readonly start: number; readonly end: number } | null {
  const length = whole.to - whole.from
  const start = Math.max(0, (range.from - whole.from) / length)
  const end = Math.min(1, (range.to - whole.from) / length)
  return length > 0 && start < end ? { start, end } : null
}

/** One edge of a range moved by a step, at least one step from the other and inside the whole. */
export function moveEdge(
  range: TimeRange,
  {
    edge,
    by,
    within,
    least,
  }: {
    readonly edge: 'from' | 'to'
    readonly by: number
    readonly within: TimeRange
    readonly least: number
  },
): TimeRange {
  if (edge === 'from')
    return { ...range, from: Math.max(within.from, Math.min(range.from + by, range.to - least)) }
  return { ...range, to: Math.min(within.to, Math.max(range.to + by, range.from + least)) }
}
