import { expect, it } from 'vitest'
import { roundedDuration } from './rounded.ts'

it.each([
  [0, '0'],
  [59, '59s'],
  [61, '1m 1s'],
  [3_569, '59m 29s'],
  [3_570, '1h'],
  [5_400, '1h 30m'],
  [176_399, '2d 1h'],
  [604_800, '1w'],
  [368 * 86_400, '1y 3d'],
])('%d seconds are %s', (seconds, text) => {
  expect(roundedDuration(seconds)).toBe(text)
})
