import { FOREVER, formatDuration, parseDuration, SETTINGS_BOUNDS } from '@warder/core'

/** The durations that are offered as buttons, in seconds; -1 is for ever: of a ban, and of the window that failures count in. */
export const BAN_PRESETS: readonly number[] = [600, 3_600, 86_400, 604_800, FOREVER]
export const WINDOW_PRESETS: readonly number[] = [300, 600, 3_600, 21_600, 86_400]

/** Seconds → `10m`, `1h 30m`, `for ever`. */
export const formatSpan = (seconds: number): string => formatDuration(seconds)

/** Seconds → their two largest units, where the rest does not matter: `6d 23h`. */
export const formatAbout = (seconds: number): string =>
  formatDuration(seconds).split(' ').slice(0, 2).join(' ')

/** What is left until a moment, ticking: `42s`, `9m 05s`, `1h 04m`, `2d 3h`; null is `for ever`. Both in ms. */
export function formatLeft(until: number | null, now: number): string {
  if (until === null) return 'for ever'
  const left = Math.max(0, Math.ceil((until - now) / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  if (left < 60) return `${left}s`
  if (left < 3_600) return `${Math.floor(left / 60)}m ${two(left % 60)}s`
  if (left < 86_400) return `${Math.floor(left / 3_600)}h ${two(Math.floor((left % 3_600) / 60))}m`
  return `${Math.floor(left / 86_400)}d ${Math.floor((left % 86_400) / 3_600)}h`
}

/** The share of a ban that is still to come, from 1 (just begun) to 0; a ban without an end stays at 1. */
export function shareLeft(at: number, until: number | null, now: number): number {
  if (until === null) return 1
  if (until <= at) return 0
  return Math.min(1, Math.max(0, (until - now) / (until - at)))
}

/** How long something lasted, from ms: `under 1s`, `7m 37s`, `2h 5m`. */
export function formatLasted(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds < 1 ? 'under 1s' : formatDuration(seconds)
}

/** A wait of a machine: `3 ms`, `1.4 s`, `2m 5s`. */
export function formatWait(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(Math.round(ms / 1000))
}

export type SpanInput =
  | { readonly ok: true; readonly seconds: number; readonly words: string }
  | { readonly ok: false; readonly words: string }

/** What somebody typed as a duration (`1h`, `90`, `for ever`) → seconds, or a sentence that says what is wrong. */
export function readSpan(text: string, setting: 'findtime' | 'bantime'): SpanInput {
  const wanted = text.trim().toLowerCase()
  const forEver = wanted === '-1' || /^(for ?ever|permanent|never|∞)$/.test(wanted)
  if (forEver) {
    if (setting === 'bantime') return { ok: true, seconds: FOREVER, words: 'for ever' }
    return { ok: false, words: 'A window needs an end. Write it like 10m, 1h or 1d.' }
  }
  if (wanted === '') return { ok: false, words: 'Write it like 10m, 1h or 1d.' }
  const seconds = parseDuration(wanted)
  if (seconds === null)
    return { ok: false, words: 'That is not a duration. Write it like 10m, 1h 30m or 1d.' }
  const { min, max } = SETTINGS_BOUNDS[setting]
  if (seconds < min) return { ok: false, words: `At least ${formatDuration(min)}.` }
  if (seconds > max) return { ok: false, words: `At most ${formatDuration(max)}.` }
  return { ok: true, seconds, words: formatDuration(seconds) }
}
