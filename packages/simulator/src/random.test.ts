import { describe, expect, it } from 'vitest'
import { makeRandom } from './random.ts'

const draw = (...seed: readonly (number | string)[]): readonly number[] => {
  const random = makeRandom(...seed)
  return Array.from({ length: 20 }, () => random.next())
}

const mean = (number: () => number): number =>
  Array.from({ length: 20_000 }, number).reduce((a, b) => a + b) / 20_000

describe('makeRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(draw(1, 'a')).toEqual(draw(1, 'a'))
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'))
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'))
  })

  it('stays in its bounds and near its means', () => {
    const random = makeRandom(7)
    expect(mean(() => random.next())).toBeCloseTo(0.5, 1)
    expect(mean(() => random.between(3, 5))).toBeCloseTo(4, 1)
    expect(mean(() => random.exponential(10)) / 10).toBeCloseTo(1, 1)
    expect(mean(() => random.poisson(0.3))).toBeCloseTo(0.3, 1)
    expect(mean(() => random.poisson(90)) / 90).toBeCloseTo(1, 1)
    expect(mean(() => (random.chance(0.25) ? 1 : 0))).toBeCloseTo(0.25, 1)
    expect(
      mean(() =>
        random.weighted([
          [1, 1],
          [0, 3],
        ]),
      ),
    ).toBeCloseTo(0.25, 1)
  })

  it('refuses to pick from nothing', () => {
    expect(() => makeRandom(1).pick([])).toThrow(RangeError)
    expect(() => makeRandom(1).weighted([])).toThrow(RangeError)
  })
})
