import type { EpochMs } from '@warder/core'
import { DAY_MS, HOUR_MS } from '../timeline/buckets.ts'
import type { Silence } from './alarms.ts'

/** How far back is looked for what is usual (ms). */
export const USUAL_MS = 14 * DAY_MS
/** In how many hours a jail must have had failures, and over which time, before anything is usual. */
const HOURS_LEAST = 24
const SPAN_LEAST_MS = 3 * DAY_MS
/** It is silent for longer than usual after so many times the longest silence before, and never earlier than this (ms). */
const FACTOR = 2
const SILENT_LEAST_MS = 6 * HOUR_MS

/** Whether a jail is silent for longer than usual. `hours`: the beginnings of the hours with failures, oldest first. */
export function silenceOf(jail: string, hours: readonly EpochMs[], now: EpochMs): Silence | null {
  const first = hours[0]
  const last = hours.at(-1)
  if (first === undefined || last === undefined) return null
  if (hours.length < HOURS_LEAST || last - first < SPAN_LEAST_MS) return null
  const usualMs = hours.slice(1).reduce((longest, at, i) => Math.max(longest, at - (hours[i] ?? at)), HOUR_MS)
  const since = last + HOUR_MS
  const isLong = now - since > Math.max(FACTOR * usualMs, SILENT_LEAST_MS)
  return isLong ? { jail, since, usualMs } : null
}
