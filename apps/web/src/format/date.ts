import { perLanguage } from '../language/in-force.ts'
import { t } from '../language/t.ts'

const TIME = { hour: '2-digit', minute: '2-digit' } as const
const SECONDS = { ...TIME, second: '2-digit' } as const
const clock = perLanguage((locale) => new Intl.DateTimeFormat(locale, TIME))
const clockSeconds = perLanguage((locale) => new Intl.DateTimeFormat(locale, SECONDS))
const day = perLanguage((locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }))
const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const
const dayYear = perLanguage((locale) => new Intl.DateTimeFormat(locale, DATE))
const wholeDay = perLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { ...DATE, weekday: 'long', month: 'long' }),
)
const exact = perLanguage((locale) => new Intl.DateTimeFormat(locale, { ...DATE, ...SECONDS }))
/** `40s ago`. The narrow form is a bare `-40 s` in French, and British English has none. */
const relative = perLanguage((locale) =>
  locale.startsWith('en')
    ? new Intl.RelativeTimeFormat('en', { style: 'narrow' })
    : new Intl.RelativeTimeFormat(locale, { style: 'short' }),
)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY_MS = 24 * HOUR

/** `14:03`, in the time zone of the browser. */
export const formatTime = (at: number): string => clock().format(at)

/** `20 Nov`. */
export const formatDay = (at: number): string => day().format(at)

/** `Friday 20 November 2026`. */
export const formatWholeDay = (at: number): string => wholeDay().format(at)

/** `14:03:22`. */
export const formatSeconds = (at: number): string => clockSeconds().format(at)

/** `20 Nov 2026, 14:03:22`: exact, for tool-tips and logs. */
export const formatExact = (at: number): string => exact().format(at)

/** To the second, as short as it stays clear: `14:03:22` on the same day, else `20 Nov 2026, 14:03:22`. */
export const formatWhen = (at: number, now: number): string =>
  new Date(at).toDateString() === new Date(now).toDateString() ? formatSeconds(at) : formatExact(at)

/** As short as it stays clear: `14:03` on the same day, `20 Nov 14:03` in the same year, else with the year. */
export function formatMoment(at: number, now: number): string {
  const then = new Date(at)
  const today = new Date(now)
  if (then.toDateString() === today.toDateString()) return formatTime(at)
  if (then.getFullYear() === today.getFullYear()) return `${formatDay(at)} ${formatTime(at)}`
  return dayYear().format(at)
}

/** A stretch of time as short as it stays clear: `20 Nov, 14:00 – 16:00`, `20 Nov 14:00 – 22 Nov 09:00`. */
export function formatRange(from: number, to: number): string {
  const sameDay = new Date(from).toDateString() === new Date(to - 1).toDateString()
  return sameDay
    ? `${formatDay(from)}, ${formatTime(from)} – ${formatTime(to)}`
    : `${formatDay(from)} ${formatTime(from)} – ${formatDay(to)} ${formatTime(to)}`
}

/** How long ago, in one unit: `just now`, `40s ago`, `3m ago`, `2h ago`, `5d ago`. */
export function formatAgo(at: number, now: number): string {
  const age = now - at
  if (age < 5_000) return t('just now')
  if (age < MINUTE) return relative().format(-Math.floor(age / 1000), 'second')
  if (age < HOUR) return relative().format(-Math.floor(age / MINUTE), 'minute')
  if (age < 2 * DAY_MS) return relative().format(-Math.floor(age / HOUR), 'hour')
  return relative().format(-Math.floor(age / DAY_MS), 'day')
}
