import type { EpochMs } from '@warder/core'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  formats.set(zone, made)
  return made
}

/** A moment on a clock of a time zone: minutes since midnight. */
export function minuteOfDay(at: EpochMs, zone: string): number {
  const parts = formatOf(zone).formatToParts(at)
  const read = (type: 'hour' | 'minute'): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0)
  return read('hour') * 60 + read('minute')
}

/** `20 Nov, 14:03` on a clock of a time zone. */
export const writtenIn = (at: EpochMs, zone: string): string => formatOf(zone).format(at)

/** `22:30` → minutes since midnight. */
export function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

/** From −720 up to 720: the shorter way around the clock. */
const around = (minutes: number): number => {
  const rest = ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES
  return rest > DAY_MINUTES / 2 ? rest - DAY_MINUTES : rest
}

/**
 * The next moment behind `after` at which the clocks of a time zone show so many minutes since midnight. Where
 * they jump over it (summer time begins), the moment after the jump.
 */
export function nextAt(minute: number, after: EpochMs, zone: string): EpochMs {
  const start = Math.floor(after / MINUTE_MS) * MINUTE_MS
  const ahead = (minute - minuteOfDay(after, zone) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES
  const guess = start + ahead * MINUTE_MS
  // The clocks may have been changed in between.
  const mended = guess + around(minute - minuteOfDay(guess, zone)) * MINUTE_MS
  if (mended <= after) return nextAt(minute, guess, zone)
  return minuteOfDay(mended, zone) === minute ? mended : Math.max(guess, mended)
}

/** The next full hour on the clocks of a time zone. */
export const nextHour = (after: EpochMs, zone: string): EpochMs =>
  Math.floor(after / MINUTE_MS) * MINUTE_MS + (60 - (minuteOfDay(after, zone) % 60)) * MINUTE_MS
