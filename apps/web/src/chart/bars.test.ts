import { describe, expect, it } from 'vitest'
import { hourTicks, niceTop, pathOf, peaksOf, scaleOf, stack } from './bars.ts'

describe('stack', () => {
  it('puts series on top of each other and leaves out what is nothing', () => {
    expect(
      stack([
        [2, 0, 1],
        [3, 4, 0],
      ]),
    ).toEqual([
      [
        { slot: 0, from: 0, to: 2 },
        { slot: 2, from: 0, to: 1 },
      ],
      [
        { slot: 0, from: 2, to: 5 },
        { slot: 1, from: 0, to: 4 },
      ],
    ])
  })
})

describe('niceTop', () => {
  it.each([
    [0, 4],
    [1, 4],
    [7, 8],
    [9, 10],
    [11, 20],
    [55, 60],
    [593, 600],
    [1_200, 2_000],
  ])('%i → %i', (most, top) => {
    expect(niceTop(most)).toBe(top)
  })
})

describe('pathOf', () => {
  const frame = { width: 100, height: 50, slots: 10, top: 10 }

  it('draws a bar from its bottom to its top, with a gap to the next', () => {
    expect(pathOf([{ slot: 1, from: 0, to: 10 }], frame)).toBe('M10 50V0H18V50z')
  })

  it('draws anything, however little, so that it can be seen', () => {
    expect(pathOf([{ slot: 0, from: 0, to: 0.01 }], frame)).toBe('M0 50V48.5H8V50z')
  })

  it('ends at the top, also for what is higher', () => {
    expect(pathOf([{ slot: 0, from: 0, to: 99 }], frame)).toBe('M0 50V0H8V50z')
  })

  it('draws nothing without room', () => {
    expect(pathOf([{ slot: 0, from: 0, to: 1 }], { ...frame, width: 0 })).toBe('')
  })
})

describe('scaleOf', () => {
  const quiet = Array.from({ length: 48 }, (_, slot) => (slot % 5) + 1)

  it('reaches up to the highest value', () => {
    expect(scaleOf(quiet)).toEqual({ top: 5, cut: false })
  })

  it('cuts a peak that would flatten all the rest, and tells it by number', () => {
    const sums = quiet.with(20, 593).with(21, 80)
    const scale = scaleOf(sums)
    expect(scale).toEqual({ top: 10, cut: true })
    expect(peaksOf(sums, scale, 4)).toEqual([20])
    expect(peaksOf(sums, scale, 1)).toEqual([20, 21])
  })

  it('cuts nothing where there is too little to compare with', () => {
    expect(scaleOf([1, 1, 500])).toEqual({ top: 500, cut: false })
    expect(scaleOf([])).toEqual({ top: 4, cut: false })
  })
})

describe('hourTicks', () => {
  it('falls on whole hours, at most as many as there is room for', () => {
    const from = new Date(2026, 10, 20, 13, 20).getTime()
    const ticks = hourTicks(from, from + 24 * 3_600_000, 8).map((at) => new Date(at).getHours())
    expect(ticks).toEqual([15, 18, 21, 0, 3, 6, 9, 12])
  })
})
