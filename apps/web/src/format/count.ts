import { inForce, perLanguage } from '../language/in-force.ts'
import { formatCount, n } from '../language/t.ts'

export { formatCount } from '../language/t.ts'

const short = perLanguage(
  (locale) => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }),
)
const whole = perLanguage((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }))
const tenths = perLanguage(
  (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
)
const all = perLanguage((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }))
const any = perLanguage((locale) => new Intl.ListFormat(locale, { type: 'disjunction' }))

/** For narrow places: 1234 → `1,234`, 123456 → `123.5k`. */
export const formatShort = (count: number): string =>
  count < 10_000 ? formatCount(count) : short().format(count)

/** One digit behind the point: 1.4 → `1.4`. */
export const formatTenths = (value: number): string => tenths().format(value)

/** How often something happens in a second: 0.02 → `< 0.1`, 0.4 → `0.4`, 12.3 → `12`. */
export function formatPace(perSecond: number): string {
  if (perSecond > 0 && perSecond < 0.1) return `< ${formatTenths(0.1)}`
  return perSecond === 0 || perSecond >= 10 ? formatCount(Math.round(perSecond)) : formatTenths(perSecond)
}

/** Bytes → `38 MB`; bases of 1024, as the kernel reports memory. */
export function formatBytes(bytes: number): string {
  // The French count octets.
  const unit = inForce().code === 'fr' ? 'o' : 'B'
  const units = ['', 'K', 'M', 'G', 'T']
  let value = bytes
  let step = 0
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024
    step++
  }
  return `${value < 10 && step > 0 ? formatTenths(value) : whole().format(value)} ${units[step]}${unit}`
}

/** Names in a sentence: `pve1`, `pve1 and pve2`, `pve1, pve2 and pve3`, `pve1, pve2 and 7 more`. */
export function formatNames(names: readonly string[], most = 4): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names
  const rest = names.length - shown.length
  return all().format(rest > 0 ? [...shown, n(rest, '{count} more', '{count} more')] : shown)
}

/** All of them: `a, b and c`. */
export const formatAll = (words: readonly string[]): string => all().format(words)

/** One of them: `a, b or c`. */
export const formatAny = (words: readonly string[]): string => any().format(words)
