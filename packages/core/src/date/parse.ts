import { dayNumber, DAY, localOf, wallTime, type Wall } from './calendar.ts'
import { MONTHS, WEEKDAYS } from './directive.ts'
import { toAsciiDigits } from './number.ts'
import { UTC, zoneOf, type ZoneOffset } from './zone.ts'
import type { EpochMs } from '../time/epoch.ts'

export { UTC, type ZoneOffset }

/** The captured parts of a date by directive (`Y`, `m`, `H` …), in the order in which they stand in its form. */
export type DateFields = ReadonlyMap<string, string>

/** What a date lacks is taken from here. */
export interface Surroundings {
  readonly now: EpochMs
  /** The zone of dates that name none. */
  readonly zone: ZoneOffset
  /** The zone that the clock of the node shows; the same as `zone` unless that is another one. */
  readonly local?: ZoneOffset
}

/** There is no time of that name, but what fail2ban makes of it is an error: it does not look at such a line at all. */
export const REFUSED = 'refused'

const MINUTE = 60_000

/** Wall time → moment. A time that the clock skipped is moved on; of a time that came twice the later one is meant. */
function toMoment(local: EpochMs, zone: ZoneOffset): EpochMs {
  const later = local - zone(local + DAY) * MINUTE
  if (zone(later) * MINUTE === local - later) return later
  return local - zone(local - DAY) * MINUTE
}

/** Dates that are one number. TAI64N counts from 2^62, and its leap seconds are not taken off. */
function fromNumber(fields: DateFields): EpochMs | null {
  const epoch = fields.get('epoch')
  if (epoch !== undefined) return Math.round(Number(toAsciiDigits(epoch)) * 1000)
  const long = toAsciiDigits(fields.get('long') ?? '')
  if (long !== '') {
    const scale = long.length < 13 ? 1000 : long.length >= 16 && !long.includes('.') ? 0.001 : 1
    return Math.floor(Number(long) * scale)
  }
  const label = fields.get('tai64n')
  return label === undefined ? null : Number.parseInt(label.slice(2, 17), 16) * 1000
}

/** What the fields of a date say; null: they do not. */
interface Said {
  year: number | null
  month: number | null
  day: number | null
  dayOfYear: number | null
  /** Monday is 0. */
  weekday: number | null
  week: number | null
  weekFrom: 'sunday' | 'monday'
  hour: number
  minute: number
  second: number
}

/** Hours of the twelve-hour clock; without a half of the day it is the first. */
function hourOfHalf(hour: number, half: string): number {
  if (half === 'pm') return hour === 12 ? 12 : hour + 12
  return hour === 12 ? 0 : hour
}

type Say = (said: Said, value: string, fields: DateFields) => void

/** What each field says; a later one goes over an earlier one. */
const SAY: ReadonlyMap<string, Say> = new Map<string, Say>([
  ['Y', (said, value) => (said.year = Number(value))],
  ['y', (said, value) => (said.year = 2000 + Number(value))],
  ['m', (said, value) => (said.month = Number(value))],
  ['b', (said, value) => (said.month = MONTHS.findIndex((name) => name === value.toLowerCase()) + 1)],
  [
    'B',
    (said, value) => (said.month = MONTHS.findIndex((name) => name === value.slice(0, 3).toLowerCase()) + 1),
  ],
  ['d', (said, value) => (said.day = Number(value))],
  ['H', (said, value) => (said.hour = Number(value))],
  [
    'I',
    (said, value, fields) => (said.hour = hourOfHalf(Number(value), fields.get('p')?.toLowerCase() ?? '')),
  ],
  ['M', (said, value) => (said.minute = Number(value))],
  ['S', (said, value) => (said.second = Number(value))],
  ['j', (said, value) => (said.dayOfYear = Number(value))],
  ['a', (said, value) => (said.weekday = WEEKDAYS.findIndex((name) => name === value.toLowerCase()))],
  [
    'A',
    (said, value) => (said.weekday = WEEKDAYS.findIndex((name) => name === value.slice(0, 3).toLowerCase())),
  ],
  ['w', (said, value) => (said.weekday = (Number(value) + 6) % 7)],
  ['U', (said, value) => Object.assign(said, { week: Number(value), weekFrom: 'sunday' })],
  ['W', (said, value) => Object.assign(said, { week: Number(value), weekFrom: 'monday' })],
])

function readFields(fields: DateFields): Said {
  const said: Said = {
    ...{ year: null, month: null, day: null, dayOfYear: null },
    ...{ weekday: null, week: null, weekFrom: 'monday', hour: 0, minute: 0, second: 0 },
  }
  for (const [name, value] of fields) SAY.get(name)?.(said, toAsciiDigits(value), fields)
  return said
}

/** The day of the year that a week and a weekday name; before the year: below 1. */
function dayOfWeek({ weekday, week, weekFrom }: Said, year: number): number | null {
  const first = dayNumber(year, 1, 1)
  if (weekday === null || week === null || first === null) return null
  // 1970-01-01 was a Thursday. Weeks from Sunday begin a day earlier.
  const shift = weekFrom === 'sunday' ? 1 : 0
  const newYear = (((first + 3 + shift) % 7) + 7) % 7
  const day = (weekday + shift) % 7
  return week === 0 ? 1 + day - newYear : 1 + ((7 - newYear) % 7) + 7 * (week - 1) + day
}

/** Year, month and day that are said, or follow from a day of the year; what is not known stays null. */
function dateOf(said: Said, thisYear: number): { year: number; month: number | null; day: number | null } {
  const year = said.year ?? thisYear
  const { month, day } = said
  if (month !== null && day !== null) return { year, month, day }
  const dayOfYear = said.dayOfYear ?? dayOfWeek(said, year)
  const first = dayNumber(year, 1, 1)
  if (dayOfYear === null || first === null) return { year, month, day }
  return localOf((first + dayOfYear - 1) * DAY)
}

/** The zone that the fields name, the last one if several do. */
function zoneIn(fields: DateFields): ZoneOffset | typeof REFUSED | null | undefined {
  let zone: ZoneOffset | undefined
  for (const [name, value] of fields) {
    if (name !== 'z' && name !== 'Z') continue
    const read = zoneOf(toAsciiDigits(value))
    if (read === null || read === REFUSED) return read
    zone = read
  }
  return zone
}

/**
 * The moment that a date in a line names. Null: there is no such time (Feb 30, 24:00, second 60). REFUSED: the line
 * with it does not count. Without a year: this year's, or last year's when that is more than a day ahead. Without a
 * day: today's, or yesterday's. Both are guessed by the clock on the wall, whatever zone the line names.
 */
export function dateToEpoch(fields: DateFields, around: Surroundings): EpochMs | typeof REFUSED | null {
  const number = fromNumber(fields)
  if (number !== null) return number
  const named = zoneIn(fields)
  if (named === null || named === REFUSED) return named
  const zone = named ?? around.zone
  const said = readFields(fields)
  const wallNow = around.now + (around.local ?? around.zone)(around.now) * MINUTE
  const today = localOf(wallNow)
  const date = dateOf(said, today.year)
  const isToday = date.month === null && date.day === null
  const month = isToday ? today.month : date.month
  const day = isToday ? today.day : date.day
  if (month === null || day === null) return REFUSED
  const { hour, minute, second } = said
  const at = wallTime({ year: date.year, month, day, hour, minute, second })
  if (at === null) return null
  const isFixed = named !== undefined || (around.local !== undefined && around.local !== around.zone)
  // A zone of fixed offset is taken off first, so that the guesses below compare times of two zones.
  const shifted = isFixed ? at - zone(at) * MINUTE : at
  const guessed = guess(shifted, wallNow, {
    isToday,
    isThisYear: said.year === null,
    year: date.year,
    month,
    day,
  })
  if (guessed === null) return null
  return isFixed ? guessed : toMoment(guessed, zone)
}

interface Guess {
  readonly isToday: boolean
  readonly isThisYear: boolean
  readonly year: number
  readonly month: number
  readonly day: number
}

/** A time whose day or year was not said: moved back where it is too far ahead. */
function guess(
  at: EpochMs,
  wallNow: EpochMs,
  { isToday, isThisYear, year, month, day }: Guess,
): EpochMs | null {
  const near = isToday && at > wallNow ? at - DAY : at
  if (!isThisYear || near <= wallNow + DAY) return near
  const { hour, minute, second } = localOf(near)
  return wallTime({ year: year - 1, month, day, hour, minute, second } satisfies Wall)
}
