import { expect, it } from 'vitest'
import { roundedDuration } from './rounded.ts'

it.each([
  [0, '0'],
  [59, '59s'],
  [61, '1m 1s'],
  [3_569, '59m 29s'],
  [3_594, '59m 54s'],
  [3_595, '1h'],
  [3_595 + 60, '1h 1m'],
  [60_091, '16h 41m'],
  [143_229, '1d 15h 47m'],
  [700_000, '1w 1d 2h'],
  [5_400, '1h 30m'],
  [176_399, '2d 1h'],
  [604_800, '1w'],
  [368 * 86_400, '1y 3d'],
])('%d seconds are %s', (seconds, text) => {
  expect(roundedDuration(seconds)).toBe(text)
})
