import { describe, expect, it } from 'vitest'
import { nextTile, strengthOf, TILES, type Tile } from './tiles.ts'

const at = (code: string): Tile => {
  const tile = TILES.find((one) => one.code === code)
  if (tile === undefined) throw new Error(`no square for ${code}`)
  return tile
}

describe('the map of squares', () => {
  it('has every country once, each in a square of its own', () => {
    expect(TILES).toHaveLength(250)
    expect(new Set(TILES.map(({ code }) => code)).size).toBe(TILES.length)
    expect(new Set(TILES.map(({ column, row }) => `${column}/${row}`)).size).toBe(TILES.length)
    const names = new Intl.DisplayNames(['en'], { type: 'region' })
    expect(TILES.filter(({ code }) => names.of(code) === code)).toEqual([])
  })

  it.each([
    ['CA', 'north of', 'US'],
    ['US', 'north of', 'MX'],
    ['NO', 'north of', 'DE'],
    ['EG', 'north of', 'ZA'],
    ['RU', 'north of', 'IN'],
    ['CN', 'north of', 'AU'],
    ['US', 'west of', 'GB'],
    ['GB', 'west of', 'DE'],
    ['DE', 'west of', 'RU'],
    ['BR', 'west of', 'NG'],
    ['IN', 'west of', 'JP'],
  ])('%s lies %s %s', (one, side, other) => {
    const [a, b] = [at(one), at(other)]
    expect(side === 'north of' ? a.row < b.row : a.column < b.column).toBe(true)
  })

  it.each([
    [0, 100, 0],
    [1, 1, 4],
    [1, 100_000, 1],
    [10_000, 100_000, 2],
    [40_000, 100_000, 3],
    [90_000, 100_000, 4],
    [5, 0, 0],
  ])('%d of at most %d is shown with strength %d', (count, most, strength) =>
    expect(strengthOf(count, most)).toBe(strength),
  )

  it.each([
    ['DE', 'ArrowRight', 'RU'],
    ['DE', 'ArrowLeft', 'US'],
    ['DE', 'ArrowDown', 'ZA'],
    ['ZA', 'ArrowUp', 'DE'],
    ['US', 'ArrowLeft', null],
  ] as const)('%s and %s lead to %s', (from, key, to) => {
    const among = ['US', 'DE', 'RU', 'ZA'].map(at)
    expect(nextTile(at(from), key, among)?.code ?? null).toBe(to)
  })
})
