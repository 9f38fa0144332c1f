import { describe, expect, it } from 'vitest'
import { chanceFrom } from './chance.ts'

describe('chance', () => {
  it('follows from its seed', () => {
    const [one, other, third] = [chanceFrom(7), chanceFrom(7), chanceFrom(8)]
    const numbers = Array.from({ length: 100 }, one)
    expect(Array.from({ length: 100 }, other)).toEqual(numbers)
    expect(Array.from({ length: 100 }, third)).not.toEqual(numbers)
  })

  it('lies between 0 and 1, everywhere', () => {
    const chance = chanceFrom(1)
    const tenths = new Array<number>(10).fill(0)
    for (let draw = 0; draw < 10_000; draw++) {
      const tenth = Math.floor(chance() * 10)
      tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1
    }
    for (const count of tenths) expect(count).toBeGreaterThan(800)
  })
})
