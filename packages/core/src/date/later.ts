import type { Found } from './ranking.ts'

const SECOND = /^[0-5][0-9]$/

/**
 * By how many milliseconds a date is later than another one of its form; null where they differ in more than their second, or
 * that is none of 00 to 59, or they name no day. No zone changes its offset within a minute, so what else they say makes no difference.
 */
export function laterBy(one: Found, other: Found): number | null {
  if (one.form !== other.form) return null
  const { fields } = one.form
  const [place, ...more] = fields.get('S') ?? []
  // Without a day it may be one of yesterday.
  if (place === undefined || more.length > 0 || !fields.has('d')) return null
  for (const position of one.form.positions)
    if (position !== place && one.match[position] !== other.match[position]) return null
  const [before, after] = [other.match[place] ?? '', one.match[place] ?? '']
  return SECOND.test(before) && SECOND.test(after) ? (Number(after) - Number(before)) * 1_000 : null
}
