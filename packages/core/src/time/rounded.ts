import type { Seconds } from './epoch.ts'

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400
/** 365 days: what is told is rounded anyway. */
const YEAR = 365 * DAY

const UNITS = [
  ['y', YEAR],
  ['w', 7 * DAY],
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', 1],
] as const

/** From half a minute below an hour on, seconds say nothing. */
const LONG = HOUR - MINUTE / 2

/** How exactly a duration is told: a year to the day, a day to the hour, an hour to the minute. */
function stepOf(seconds: Seconds): number {
  if (seconds >= YEAR) return DAY
  if (seconds >= DAY) return HOUR
  return seconds >= LONG ? MINUTE : 1
}

/** Seconds, not negative → text as fail2ban's log and client write it, rounded: `1h`, `2d 1h`, `1y 3d`; `0` for none. */
export function roundedDuration(seconds: Seconds): string {
  const step = stepOf(seconds)
  let rest = Math.round(seconds / step) * step
  const parts: string[] = []
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length)
    if (count > 0) parts.push(`${count}${unit}`)
    rest -= count * length
  }
  return parts.join(' ') || '0'
}
