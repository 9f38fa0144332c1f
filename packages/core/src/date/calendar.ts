import type { EpochMs } from '../time/epoch.ts'

export const DAY = 86_400_000

/** A date and time without a zone. Month counts from 1. */
export interface Wall {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Days since 1970-01-01 of a date of the Gregorian calendar; null when there is no such day. */
export function dayNumber(year: number, month: number, day: number): number | null {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  const length = lengths[month - 1]
  if (length === undefined || day < 1 || day > length || year < 1) return null
  const before = lengths.slice(0, month - 1).reduce((sum, days) => sum + days, 0)
  const years = year - 1
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
  return years * 365 + leaps + before + day - 1 - 719_162
}

/** Wall time as if it were UTC; null when there is no such time. */
export function wallTime(wall: Wall): EpochMs | null {
  if (wall.hour > 23 || wall.minute > 59 || wall.second > 59) return null
  const days = dayNumber(wall.year, wall.month, wall.day)
  if (days === null) return null
  return days * DAY + ((wall.hour * 60 + wall.minute) * 60 + wall.second) * 1000
}

/** Wall time that was read as if it were UTC → its parts; parts of a second are dropped. */
export function localOf(at: EpochMs): Wall {
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
  const seconds = Math.floor((at - Math.floor(at / DAY) * DAY) / 1000)
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
  }
}
