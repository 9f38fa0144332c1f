import { expect, it } from 'vitest'
import { DAY_MS } from '../timeline/buckets.ts'
import { cutOffOf, isTooLarge } from './limits.ts'

const NOW = 100 * DAY_MS

it.each([
  ['age alone', { days: 10, rows: null }, null, 90 * DAY_MS],
  ['few rows', { days: 10, rows: 5 }, null, 90 * DAY_MS],
  ['too many young rows', { days: 10, rows: 5 }, 95 * DAY_MS, 95 * DAY_MS + 1],
  ['too many rows that are too old anyway', { days: 10, rows: 5 }, 80 * DAY_MS, 90 * DAY_MS],
])('forgets what lies before the cut: %s', (_name, keep, rankedAt, cut) => {
  expect(cutOffOf(keep, NOW, rankedAt)).toBe(cut)
})

it.each([
  [1_000, null, false, false],
  [999, 1_000, false, false],
  [1_001, 1_000, false, true],
  [950, 1_000, false, false],
  [950, 1_000, true, true],
  [900, 1_000, true, false],
])('%d bytes of %j, under way: %j → %j', (used, limit, underWay, tooLarge) => {
  expect(isTooLarge(used, { limit, underWay })).toBe(tooLarge)
})
