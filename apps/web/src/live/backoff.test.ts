import { describe, expect, it } from 'vitest'
import { fullJitter } from './backoff.ts'

describe('fullJitter', () => {
  it('doubles its ceiling up to the most, and is short again after a success', () => {
    const backoff = fullJitter(1_000, 5_000, () => 1)
    expect([backoff.next(), backoff.next(), backoff.next(), backoff.next()]).toEqual([
      1_000, 2_000, 4_000, 5_000,
    ])
    backoff.reset()
    expect(backoff.next()).toBe(1_000)
  })

  it('never tries without any pause', () => {
    expect(fullJitter(1_000, 5_000, () => 0).next()).toBe(200)
  })
})
