import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EndQueue } from './end-queue.ts'

const banUntil = (until: number | null) =>
  ({ jail: 'sshd', ip: `${until}`, at: 0, until, origin: 'detected' }) as const

describe('EndQueue', () => {
  it('gives the bans in order of their ends', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 })), (ends) => {
        const queue = new EndQueue()
        for (const end of ends) queue.push(banUntil(end))
        const given = ends.map(() => queue.pop()?.until)
        expect(given).toEqual(ends.toSorted((one, other) => one - other))
        expect(queue.peek()).toBeNull()
        expect(queue.pop()).toBeNull()
      }),
    )
  })

  it('leaves out what has no end', () => {
    const queue = new EndQueue()
    queue.push(banUntil(null))
    expect(queue.size).toBe(0)
  })

  it('can be emptied', () => {
    const queue = new EndQueue()
    queue.push(banUntil(1))
    queue.clear()
    expect(queue.peek()).toBeNull()
  })
})
