import { describe, expect, it } from 'vitest'
import { SETTINGS_BOUNDS } from '../jail/settings.ts'
import { endAfter } from './ban-time.ts'

describe('endAfter', () => {
  it.each([
    [0, 600, 600_000],
    [1_000, 1, 2_000],
    [1_000, 0, 1_000],
    [1_000, -1, null],
    [0, SETTINGS_BOUNDS.bantime.max * 2, SETTINGS_BOUNDS.bantime.max * 1_000],
  ])('from %d for %d → %s', (from, bantime, until) => {
    expect(endAfter(from, bantime)).toBe(until)
  })
})
