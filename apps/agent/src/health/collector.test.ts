import { describe, expect, it } from 'vitest'
import { Collector, isWorthCollecting } from './collector.ts'

const MIB = 1_048_576

describe('collecting after a flood', () => {
  it.each([
    ['much has gathered and nothing is done', 100, 0.01, true],
    ['it is still busy', 100, 0.5, false],
    ['little has gathered', 40, 0.01, false],
    ['there is less than after the last time', 20, 0.01, false],
  ])('where %s', (_, heap, busy, expected) => {
    expect(isWorthCollecting({ heapBytes: heap * MIB, busy }, 30 * MIB)).toBe(expected)
  })

  it('looks without a word', () => {
    const collector = new Collector()
    for (let n = 0; n < 3; n++) expect(() => collector.look()).not.toThrow()
  })
})
