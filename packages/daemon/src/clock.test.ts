import { describe, expect, it } from 'vitest'
import { ManualClock, systemClock } from './clock.ts'

describe('a manual clock', () => {
  it('stands still until it is moved', () => {
    const clock = new ManualClock(1_000)
    expect(clock.now()).toBe(1_000)
    clock.advance(500)
    expect(clock.now()).toBe(1_500)
  })

  it('runs what falls due in order of time, each at its own time', () => {
    const clock = new ManualClock(0)
    const seen: string[] = []
    clock.after(200, () => seen.push(`b@${clock.now()}`))
    clock.after(100, () => seen.push(`a@${clock.now()}`))
    clock.every(150, () => seen.push(`e@${clock.now()}`))
    clock.advance(310)
    expect(seen).toEqual(['a@100', 'e@150', 'b@200', 'e@300'])
  })

  it('runs what a task asks for in the same move', () => {
    const clock = new ManualClock(0)
    const seen: number[] = []
    clock.after(10, () => clock.after(10, () => seen.push(clock.now())))
    clock.advance(100)
    expect(seen).toEqual([20])
  })

  it('forgets what was disposed of', () => {
    const clock = new ManualClock(0)
    let runs = 0
    const timer = clock.every(10, () => runs++)
    clock.advance(25)
    timer[Symbol.dispose]()
    clock.advance(100)
    expect(runs).toBe(2)
  })
})

describe("the machine's clock", () => {
  it('runs once after a while, and not when cancelled', async () => {
    const seen: string[] = []
    systemClock.after(1, () => seen.push('cancelled'))[Symbol.dispose]()
    await new Promise<void>((resolve) => systemClock.after(5, () => (seen.push('ran'), resolve())))
    expect(seen).toEqual(['ran'])
  })
})
