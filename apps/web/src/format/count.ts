const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** 1234567 → `1,234,567`. */
export const formatCount = (count: number): string => WHOLE.format(count)

/** For narrow places: 1234 → `1,234`, 123456 → `123.5K`. */
export const formatShort = (count: number): string =>
  count < 10_000 ? WHOLE.format(count) : SHORT.format(count)

/** `1 ban`, `3 bans`. `many` is for words that do not take an s. */
export const formatMany = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

/** Bytes → `38 MB`; bases of 1024, as the kernel reports memory. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** Names in a sentence: `pve1`, `pve1 and pve2`, `pve1, pve2 and pve3`, `pve1, pve2 and 7 more`. */
export function formatNames(names: readonly string[], most = 4): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names
  const rest = names.length - shown.length
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
}
