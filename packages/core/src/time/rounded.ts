import type { Seconds } from './epoch.ts'

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400
const WEEK = 7 * DAY
/** 365 days: what is told is rounded anyway. */
const YEAR = 365 * DAY

/** How a duration is told from some length on: rounded to a step, in these units. */
interface Telling {
  readonly from: number
  readonly step: number
  readonly units: readonly (readonly [string, number])[]
}

const UNIT = {
  y: ['y', YEAR],
  w: ['w', WEEK],
  d: ['d', DAY],
  h: ['h', HOUR],
  m: ['m', MINUTE],
  s: ['s', 1],
} as const

/** A year to the day, a week to the hour, a day to the minute. An hour to ten seconds, of which minutes are told. */
const TELLINGS: readonly Telling[] = [
  { from: YEAR, step: DAY, units: [UNIT.y, UNIT.w, UNIT.d] },
  { from: WEEK, step: HOUR, units: [UNIT.w, UNIT.d, UNIT.h] },
  { from: DAY, step: MINUTE, units: [UNIT.d, UNIT.h, UNIT.m] },
  { from: HOUR - 5, step: 10, units: [UNIT.h, UNIT.m] },
  { from: 0, step: 1, units: [UNIT.m, UNIT.s] },
]

/** Halves go to the even number, as Python rounds. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Seconds, not negative → text as fail2ban's log and client write it, rounded: `1h`, `2d 1h`, `1y 3d`; `0` for none. */
export function roundedDuration(seconds: Seconds): string {
  const telling = TELLINGS.find(({ from }) => seconds >= from)
  const step = telling?.step ?? 1
  let rest = roundHalfEven(seconds / step) * step
  const parts: string[] = []
  for (const [unit, length] of telling?.units ?? []) {
    const count = Math.floor(rest / length)
    if (count > 0) parts.push(`${count}${unit}`)
    rest -= count * length
  }
  return parts.join(' ') || '0'
}
