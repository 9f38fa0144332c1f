import { expect, it } from 'vitest'
import { fullJitter } from './backoff.ts'

it('doubles its ceiling up to the most', () => {
  const backoff = fullJitter(1_000, 5_000, () => 1)
  expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([1_000, 2_000, 4_000, 5_000, 5_000])
})

it('is short again after a success', () => {
  const backoff = fullJitter(1_000, 60_000, () => 1)
  for (let tries = 0; tries < 9; tries++) backoff.next()
  backoff.reset()
  expect(backoff.next()).toBe(1_000)
})

it('spreads delays over the whole range', () => {
  expect(fullJitter(1_000, 60_000, () => 0).next()).toBe(0)
  expect(fullJitter(1_000, 60_000, () => 0.5).next()).toBe(500)
})
