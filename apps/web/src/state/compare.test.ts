import { describe, expect, it } from 'vitest'
import { againstOf, keptWith, otherOf, readRange, typedMoment, type Against } from './compare.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOON = Date.UTC(2026, 10, 20, 12)
const range = { from: NOON, to: NOON + HOUR }
const own = { from: NOON - 5 * DAY, to: NOON - 3 * DAY }

describe('what a range is compared with', () => {
  it.each([
    ['none', null],
    ['before', { from: NOON - HOUR, to: NOON }],
    ['day', { from: NOON - DAY, to: NOON - DAY + HOUR }],
    ['week', { from: NOON - 7 * DAY, to: NOON - 7 * DAY + HOUR }],
  ] as const)('%s is %j, and is known again', (against, other) => {
    expect(otherOf(against, range)).toEqual(other)
    expect(againstOf(range, other)).toBe(against)
  })

  it('is of one’s own where it is none of them, and begins with the time before', () => {
    expect(againstOf(range, own)).toBe('own')
    expect(otherOf('own', range)).toEqual({ from: NOON - HOUR, to: NOON })
  })

  it.each([
    ['none', null, null],
    ['before', otherOf('before', range), { from: NOON, to: NOON + 2 * HOUR }],
    ['day', otherOf('day', range), { from: NOON + 2 * HOUR - DAY, to: NOON + 4 * HOUR - DAY }],
    ['own', own, own],
  ] as const satisfies readonly (readonly [Against, unknown, unknown])[])(
    '%s goes along with another range, or stays',
    (_, other, kept) =>
      expect(keptWith(range, other, { from: NOON + 2 * HOUR, to: NOON + 4 * HOUR })).toEqual(kept),
  )
})

describe('a range that is typed', () => {
  it('is read as it was shown, to the minute', () => {
    expect(readRange(typedMoment(own.from), typedMoment(own.to))).toEqual(own)
    expect(typedMoment(NOON)).toMatch(/^2026-11-2\d[T]\d\d:\d\d$/)
  })

  it.each([
    ['', '2026-11-20T12:00'],
    ['2026-11-20T12:00', ''],
    ['2026-11-20T12:00', '2026-11-20T12:00'],
    ['2026-11-20T12:00', '2026-11-19T12:00'],
    ['nonsense', '2026-11-20T12:00'],
  ])('from “%s” to “%s” is none', (from, to) => expect(readRange(from, to)).toBeNull())
})
