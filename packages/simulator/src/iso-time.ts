import type { EpochMs } from '@warder/core'

const two = (value: number): string => String(value).padStart(2, '0')

/** A moment as RFC 3339 writes it in UTC with milliseconds: `2026-11-20T12:00:00.000Z`. */
export function isoTime(at: EpochMs): string {
  const days = Math.floor(at / 86_400_000)
  const ms = at - days * 86_400_000
  const { year, month, day } = civil(days)
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60]
    .map((part) => two(Math.floor(part)))
    .join(':')
  return `${year}-${two(month)}-${two(day)}T${clock}.${String(ms % 1_000).padStart(3, '0')}Z`
}

/** Days since 1970 → the date in the Gregorian calendar. Years are counted from March, so that leap days end them. */
function civil(days: number): { year: number; month: number; day: number } {
  const fromMarch = days + 719_468
  const era = Math.floor(fromMarch / 146_097)
  const ofEra = fromMarch - era * 146_097
  const years = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100))
  const marchMonth = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return { year: era * 400 + years + (month <= 2 ? 1 : 0), month, day }
}
