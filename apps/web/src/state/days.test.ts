import { expect, it } from 'vitest'
import { daysOf } from './days.ts'

it('fills the days in which nothing happened, and ends with today', () => {
  const about = {
    ip: '192.0.2.1',
    place: null,
    successes: null,
    spanMs: 10,
    spans: [{ at: 20, failures: 3, bans: 1 }],
  }
  expect(daysOf(about, 37, 3)).toEqual([
    { at: 10, failures: 0, bans: 0 },
    { at: 20, failures: 3, bans: 1 },
    { at: 30, failures: 0, bans: 0 },
  ])
})
