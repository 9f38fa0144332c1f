const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const CLOCK_SECONDS = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const DAY_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY_MS = 24 * HOUR

/** `14:03`, in the time zone of the browser. */
export const formatTime = (at: number): string => CLOCK.format(at)

/** `20 Nov`. */
export const formatDay = (at: number): string => DAY.format(at)

/** `14:03:22`. */
export const formatSeconds = (at: number): string => CLOCK_SECONDS.format(at)

/** `20 Nov 2026, 14:03:22`: exact, for tool-tips and logs. */
export const formatExact = (at: number): string => `${DAY_YEAR.format(at)}, ${CLOCK_SECONDS.format(at)}`

/** To the second, as short as it stays clear: `14:03:22` on the same day, else `20 Nov 2026, 14:03:22`. */
export const formatWhen = (at: number, now: number): string =>
  new Date(at).toDateString() === new Date(now).toDateString() ? formatSeconds(at) : formatExact(at)

/** As short as it stays clear: `14:03` on the same day, `20 Nov 14:03` in the same year, else with the year. */
export function formatMoment(at: number, now: number): string {
  const then = new Date(at)
  const today = new Date(now)
  if (then.toDateString() === today.toDateString()) return CLOCK.format(at)
  if (then.getFullYear() === today.getFullYear()) return `${DAY.format(at)} ${CLOCK.format(at)}`
  return DAY_YEAR.format(at)
}

/** A stretch of time as short as it stays clear: `20 Nov, 14:00 – 16:00`, `20 Nov 14:00 – 22 Nov 09:00`. */
export function formatRange(from: number, to: number): string {
  const sameDay = new Date(from).toDateString() === new Date(to - 1).toDateString()
  const end = sameDay ? CLOCK.format(to) : `${DAY.format(to)} ${CLOCK.format(to)}`
  return sameDay
    ? `${DAY.format(from)}, ${CLOCK.format(from)} – ${end}`
    : `${DAY.format(from)} ${CLOCK.format(from)} – ${end}`
}

/** How long ago, in one unit: `just now`, `40 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAgo(at: number, now: number): string {
  const age = now - at
  if (age < 5_000) return 'just now'
  if (age < MINUTE) return `${Math.floor(age / 1000)} s ago`
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`
  if (age < 2 * DAY_MS) return `${Math.floor(age / HOUR)} h ago`
  return `${Math.floor(age / DAY_MS)} d ago`
}
