import { FOREVER, formatDuration, parseDuration, SETTINGS_BOUNDS } from '@warder/core'
import { english, t } from '../language/t.ts'
import { formatTenths } from './count.ts'

/** The durations that are offered as buttons, in seconds; -1 is for ever: of a ban, and of the window that failures count in. */
export const BAN_PRESETS: readonly number[] = [600, 3_600, 86_400, 604_800, FOREVER]
export const WINDOW_PRESETS: readonly number[] = [300, 600, 3_600, 21_600, 86_400]

/** The units of a span as the core writes them, in the language in force; h, min and s are understood everywhere. */
const UNITS: Readonly<Record<string, string>> = {
  w: english('{number}w|weeks, as short as it gets'),
  d: english('{number}d|days, as short as it gets'),
  h: english('{number}h|hours, as short as it gets'),
  m: english('{number}m|minutes, as short as it gets'),
  s: english('{number}s|seconds, as short as it gets'),
}

/** `1h 05m` with the units of the language in force. */
const inUnits = (written: string): string =>
  written
    .split(' ')
    .map((part) => t(UNITS[part.slice(-1)] ?? part, { number: part.slice(0, -1) }))
    .join(' ')

/** Seconds → `10m`, `1h 30m`, `for ever`. */
export const formatSpan = (seconds: number): string =>
  seconds <= FOREVER ? t('for ever') : inUnits(formatDuration(seconds))

/** Seconds as they are typed into a field, whatever the language: `1h 30m`. */
export const typedSpan = (seconds: number): string =>
  seconds <= FOREVER ? t('for ever') : formatDuration(seconds)

/** Seconds → their two largest units, where the rest does not matter: `6d 23h`. */
export const formatAbout = (seconds: number): string =>
  seconds <= FOREVER ? t('for ever') : inUnits(formatDuration(seconds).split(' ').slice(0, 2).join(' '))

/** How long a ban lasts in a sentence, both ends in ms: `for 6d 23h`, `for ever`. */
export const howLong = (at: number, until: number | null): string =>
  until === null
    ? t('for ever')
    : t('for {span}', { span: formatAbout(Math.max(1, Math.round((until - at) / 1000))) })

/** What is left until a moment, ticking: `42s`, `9m 05s`, `1h 04m`, `2d 3h`; null is `for ever`. Both in ms. */
export function formatLeft(until: number | null, now: number): string {
  if (until === null) return t('for ever')
  const left = Math.max(0, Math.ceil((until - now) / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  if (left < 60) return inUnits(`${left}s`)
  if (left < 3_600) return inUnits(`${Math.floor(left / 60)}m ${two(left % 60)}s`)
  if (left < 86_400) return inUnits(`${Math.floor(left / 3_600)}h ${two(Math.floor((left % 3_600) / 60))}m`)
  return inUnits(`${Math.floor(left / 86_400)}d ${Math.floor((left % 86_400) / 3_600)}h`)
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
  return seconds < 1 ? t('under {span}', { span: formatSpan(1) }) : formatSpan(seconds)
}

/** A wait of a machine: `3 ms`, `1.4 s`, `2m 5s`. */
export function formatWait(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 60_000 ? `${formatTenths(ms / 1000)} s` : formatSpan(Math.round(ms / 1000))
}

export type SpanInput =
  | { readonly ok: true; readonly seconds: number; readonly words: string }
  | { readonly ok: false; readonly words: string }

/** What somebody typed as a duration (`1h`, `90`, `for ever`) → seconds, or a sentence that says what is wrong. */
export function readSpan(text: string, setting: 'findtime' | 'bantime'): SpanInput {
  const wanted = text.trim().toLowerCase()
  const forEver =
    wanted === '-1' ||
    wanted === t('for ever').toLowerCase() ||
    /^(for ?ever|permanent|never|∞)$/.test(wanted)
  if (forEver) {
    if (setting === 'bantime') return { ok: true, seconds: FOREVER, words: t('for ever') }
    return { ok: false, words: t('A window needs an end. Write it like 10m, 1h or 1d.') }
  }
  if (wanted === '') return { ok: false, words: t('Write it like 10m, 1h or 1d.') }
  const seconds = parseDuration(wanted)
  if (seconds === null)
    return { ok: false, words: t('That is not a duration. Write it like 10m, 1h 30m or 1d.') }
  const { min, max } = SETTINGS_BOUNDS[setting]
  if (seconds < min) return { ok: false, words: t('At least {span}.', { span: formatSpan(min) }) }
  if (seconds > max) return { ok: false, words: t('At most {span}.', { span: formatSpan(max) }) }
  return { ok: true, seconds, words: formatSpan(seconds) }
}
