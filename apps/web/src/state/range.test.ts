import { describe, expect, it } from 'vitest'
import { changeWords, moveEdge, rangeBefore, rangeOfSlots, shareOf } from './range.ts'

describe('changeWords', () => {
  it.each([
    [10, 14, '+40 %'],
    [100, 97, '−3 %'],
    [10, 0, '−100 %'],
    [5, 5, 'the same'],
    [1_000, 1_001, 'about the same'],
    [0, 5, 'new'],
    [0, 0, ''],
  ])('%d → %d: %s', (before, now, words) => expect(changeWords(before, now)).toBe(words))
})

describe('ranges', () => {
  it('before one is as long and ends where it begins', () => {
    expect(rangeBefore({ from: 100, to: 130 })).toEqual({ from: 70, to: 100 })
  })

  it.each([
    [2, 4],
    [4, 2],
  ])('from slot %d to %d are whole buckets', (one, other) => {
    expect(rangeOfSlots({ from: 1_000, bucketMs: 10 }, one, other)).toEqual({ from: 1_020, to: 1_050 })
  })

  it.each([
    [
      { from: 10, to: 20 },
      { start: 0.1, end: 0.2 },
    ],
    [
      { from: -50, to: 50 },
      { start: 0, end: 0.5 },
    ],
    [
      { from: 90, to: 900 },
      { start: 0.9, end: 1 },
    ],
    [{ from: 200, to: 300 }, null],
    [{ from: -20, to: 0 }, null],
  ])('cover a share of the whole: %j', (range, share) => {
    expect(shareOf(range, { from: 0, to: 100 })).toEqual(share)
  })

  const within = { from: 0, to: 100 }
  it.each([
    ['moves its beginning', 'from', 10, { from: 30, to: 40 }],
    ['keeps one bucket', 'from', 50, { from: 30, to: 40 }],
    ['stays inside', 'from', -50, { from: 0, to: 40 }],
    ['moves its end', 'to', 10, { from: 20, to: 50 }],
    ['keeps one bucket at the end', 'to', -50, { from: 20, to: 30 }],
    ['stays inside at the end', 'to', 500, { from: 20, to: 100 }],
  ] as const)('%s', (_name, edge, by, expected) => {
    expect(moveEdge({ from: 20, to: 40 }, { edge, by, within, least: 10 })).toEqual(expected)
  })
})
