import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asciiCategory,
  categorySet,
  complement,
  foldCase,
  toCharSet,
  type CharSet,
  type Range,
} from './charset.ts'

const ranges = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff }))
    .map(([a, b]): Range => (a < b ? [a, b] : [b, a])),
  { maxLength: 12 },
)

const has = (set: CharSet, unit: number): boolean => set.some(([lo, hi]) => lo <= unit && unit <= hi)

describe('sets of characters', () => {
  it.each<[string, Range[], Range[]]>([
    ['nothing', [], []],
    [
      'touching ranges',
      [
        [5, 6],
        [1, 4],
      ],
      [[1, 6]],
    ],
    [
      'overlapping ranges',
      [
        [1, 9],
        [3, 4],
        [8, 12],
      ],
      [[1, 12]],
    ],
    [
      'ranges apart',
      [
        [7, 8],
        [1, 2],
      ],
      [
        [1, 2],
        [7, 8],
      ],
    ],
  ])('join %s', (_, given, joined) => {
    expect(toCharSet(given)).toEqual(joined)
  })

  it('have a complement that holds exactly the rest', () => {
    fc.assert(
      fc.property(ranges, fc.integer({ min: 0, max: 0xffff }), (given, unit) => {
        const set = toCharSet(given)
        expect(has(complement(set), unit)).toBe(!has(set, unit))
        expect(complement(complement(set))).toEqual(set)
      }),
    )
  })

  it('take both cases of a letter', () => {
    const folded = foldCase([[0x61, 0x63]])
    expect([...'abcABC'].every((char) => has(folded, char.charCodeAt(0)))).toBe(true)
    expect(has(folded, 'd'.charCodeAt(0))).toBe(false)
  })
})

describe('categories', () => {
  it.each([
    ['d', '0', true, true],
    ['d', '٤', false, true],
    ['d', 'a', false, false],
    ['w', '_', true, true],
    ['w', 'é', false, true],
    ['w', '-', false, false],
    ['s', ' ', true, true],
    ['s', '\x1c', false, true],
    ['s', '\u3000', false, true],
    ['s', '\ufeff', false, false],
  ] as const)('%s of %j: %s in ASCII, %s else', (category, char, ascii, wide) => {
    expect(has(asciiCategory(category), char.charCodeAt(0))).toBe(ascii)
    expect(has(categorySet(category, 'wide'), char.charCodeAt(0))).toBe(wide)
  })
})
