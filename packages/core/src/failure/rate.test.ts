import { describe, expect, it } from 'vitest'
import { RateCounter } from './rate.ts'

/** The seconds at which failures of one address lead to a ticket. */
function tickets(maxretry: number, seconds: readonly number[]): readonly number[] {
  const counter = new RateCounter({ maxretry, findtime: 600, maxmatches: 2 })
  return seconds.filter((at) => counter.count('192.0.2.1', { at: at * 1000, line: `${at}` }) !== null)
}

describe('failures counted by rate', () => {
  it.each<[string, number, readonly number[], readonly number[]]>([
    ['the last one of maxretry', 3, [0, 1, 2], [2]],
    ['an estimate where the first falls out of findtime', 3, [0, 300, 601], [601]],
    ['a trickle that never ends', 5, [0, 200, 400, 600, 800, 1000, 1200, 1400], []],
    ['from nothing after a ticket', 2, [0, 1, 2, 3], [1, 3]],
    ['out of order', 3, [500, 0, 1], [1]],
  ])('%s', (_, maxretry, seconds, expected) => {
    expect(tickets(maxretry, seconds)).toEqual(expected)
  })

  it('keeps the last lines and says what is left', () => {
    const counter = new RateCounter({ maxretry: 3, findtime: 600, maxmatches: 2 })
    counter.count('a', { at: 0, line: '1' })
    counter.count('b', { at: 5, line: 'x' })
    counter.count('a', { at: 1, line: '2' })
    expect(counter.count('a', { at: 2, line: '3' })).toMatchObject({
      failures: 3,
      seen: 3,
      lines: ['2', '3'],
    })
    expect(counter.left()).toEqual([{ id: 'b', failures: 1, last: 5 }])
  })
})
