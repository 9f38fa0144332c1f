import type { EpochMs } from '../time/epoch.ts'
import { MONTHS, WEEKDAYS } from './directive.ts'
import { fixedZone, UTC, type ZoneOffset } from './zone.ts'

export { UTC, type ZoneOffset }

/** The captured parts of a date by directive: `Y`, `m`, `H` … */
export type DateFields = ReadonlyMap<string, string>

/** What a date lacks is taken from here. */
export interface Surroundings {
  readonly now: EpochMs
  /** The zone of dates that name none. */
  readonly zone: ZoneOffset
}

const MINUTE = 60_000
const DAY = 86_400_000

/** A date and time without a zone. Month counts from 1. */
interface Wall {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Days since 1970-01-01 of a date of the Gregorian calendar; null when there is no such day. */
function dayNumber(year: number, month: number, day: number): number | null {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  const length = lengths[month - 1]
  if (length === undefined || day < 1 || day > length) return null
  const before = lengths.slice(0, month - 1).reduce((sum, days) => sum + days, 0)
  const years = year - 1
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
  return years * 365 + leaps + before + day - 1 - 719_162
}

/** Wall time as if it were UTC; null when there is no such time. */
function asUtc(wall: Wall): EpochMs | null {
  if (wall.hour > 23 || wall.minute > 59 || wall.second > 59) return null
  const days = dayNumber(wall.year, wall.month, wall.day)
  if (days === null) return null
  return days * DAY + ((wall.hour * 60 + wall.minute) * 60 + wall.second) * 1000
}

/** The year, month and day of wall time that was read as if it were UTC. */
function civilDate(at: EpochMs): { year: number; month: number; day: number } {
  // Years from March on, so that the leap day comes last and months have regular lengths.
  const days = Math.floor(at / DAY) + 719_468
  const era = Math.floor(days / 146_097)
  const ofEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/** Wall time → moment. A time that the clock skipped is moved on; of a time that came twice the later one is meant. */
function toMoment(local: EpochMs, zone: ZoneOffset): EpochMs {
  const later = local - zone(local + DAY) * MINUTE
  if (zone(later) * MINUTE === local - later) return later
  return local - zone(local - DAY) * MINUTE
}

const numberOf = (fields: DateFields, name: string): number | null => {
  const text = fields.get(name)
  return text === undefined ? null : Number(text)
}

function hourOf(fields: DateFields): number {
  const twelve = numberOf(fields, 'I')
  if (twelve === null) return numberOf(fields, 'H') ?? 0
  return (twelve % 12) + (fields.get('p')?.toLowerCase() === 'pm' ? 12 : 0)
}

function monthOf(fields: DateFields): number | null {
  const name = fields.get('b')?.slice(0, 3).toLowerCase()
  if (name === undefined) return numberOf(fields, 'm')
  return MONTHS.findIndex((month) => month === name) + 1
}

function yearOf(fields: DateFields): number | null {
  const short = numberOf(fields, 'y')
  return numberOf(fields, 'Y') ?? (short === null ? null : 2000 + short)
}

/** Dates that are one number. TAI64N counts from 2^62, and its leap seconds are not taken off. */
function fromNumber(fields: DateFields): EpochMs | null {
  const epoch = fields.get('epoch')
  if (epoch !== undefined) return Math.round(Number(epoch) * 1000)
  const long = fields.get('long')
  if (long !== undefined) {
    const scale = long.length > 14 ? 0.001 : long.length > 11 ? 1 : 1000
    return Math.floor(Number(long) * scale)
  }
  const label = fields.get('tai64n')
  return label === undefined ? null : Number(BigInt(`0x${label.slice(1, 17)}`) - 2n ** 62n) * 1000
}

/** Monday is 0; `%w` and `%u` count otherwise. */
function weekdayOf(fields: DateFields): number | null {
  const name = fields.get('a')?.slice(0, 3).toLowerCase()
  if (name !== undefined) return WEEKDAYS.findIndex((day) => day === name)
  const fromSunday = numberOf(fields, 'w')
  return fromSunday === null ? null : (fromSunday + 6) % 7
}

/** The day of the year that a week (`%U` from Sunday, `%W` from Monday) and a weekday name; before the year: below 1. */
function dayOfWeek(fields: DateFields, year: number): number | null {
  const weekday = weekdayOf(fields)
  const week = numberOf(fields, 'U') ?? numberOf(fields, 'W')
  const first = dayNumber(year, 1, 1)
  if (weekday === null || week === null || first === null) return null
  // 1970-01-01 was a Thursday. Weeks from Sunday begin a day earlier.
  const shift = fields.has('U') ? 1 : 0
  const newYear = (((first + 3 + shift) % 7) + 7) % 7
  const day = (weekday + shift) % 7
  return week === 0 ? 1 + day - newYear : 1 + ((7 - newYear) % 7) + 7 * (week - 1) + day
}

/** Wall time of a date whose year, month and day are known or guessed; null when there is no such time. */
function localTime(fields: DateFields, now: EpochMs): EpochMs | null {
  const time = {
    hour: hourOf(fields),
    minute: numberOf(fields, 'M') ?? 0,
    second: numberOf(fields, 'S') ?? 0,
  }
  const year = yearOf(fields)
  const month = monthOf(fields)
  const day = numberOf(fields, 'd')
  const dayOfYear = numberOf(fields, 'j') ?? (year === null ? null : dayOfWeek(fields, year))
  if (year !== null && dayOfYear !== null && day === null) {
    const first = asUtc({ year, month: 1, day: 1, ...time })
    const at = first === null ? null : first + (dayOfYear - 1) * DAY
    return at !== null && (civilDate(at).year === year || !fields.has('j')) ? at : null
  }
  if (month !== null && day !== null) {
    if (year !== null) return asUtc({ year, month, day, ...time })
    const thisYear = civilDate(now).year
    const at = asUtc({ year: thisYear, month, day, ...time })
    return at !== null && at > now + DAY ? asUtc({ year: thisYear - 1, month, day, ...time }) : at
  }
  if (year !== null || month !== null || day !== null) return null
  const today = asUtc({ ...civilDate(now), ...time })
  return today !== null && today > now ? today - DAY : today
}

/**
 * The moment that a date in a line names, or null when there is no such time (Feb 30, 24:00, second 60). Without a
 * year: this year's, or last year's when that is more than a day ahead. Without a day: today's, or yesterday's.
 */
export function dateToEpoch(fields: DateFields, around: Surroundings): EpochMs | null {
  // A pattern that captures nothing marks a line that has no date of its own.
  if (fields.size === 0) return null
  const number = fromNumber(fields)
  if (number !== null) return number
  const named = fields.get('z')
  const zone = named === undefined ? around.zone : fixedZone(named)
  if (zone === null) return null
  const local = localTime(fields, around.now + zone(around.now) * MINUTE)
  return local === null ? null : toMoment(local, zone)
}
