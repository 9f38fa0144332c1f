import { describe, expect, it } from 'vitest'
import { Gather } from './gather.ts'

/** A gatherer with a clock that a test turns. */
function lab() {
  const told: string[] = []
  let task: (() => void) | null = null
  const gather = new Gather<string>(
    (items) => told.push(items.join('')),
    (_, next) => {
      task = next
      return () => (task = null)
    },
  )
  return {
    told,
    gather,
    /** Lets the time pass; false: nobody waits for it. */
    pass(): boolean {
      const due = task
      task = null
      due?.()
      return due !== null
    },
  }
}

describe('Gather', () => {
  it('hands on at once what comes rarely', () => {
    const { told, gather, pass } = lab()
    gather.take(['a'])
    expect(told).toEqual(['a'])
    expect([pass(), pass()]).toEqual([true, false])
    gather.take(['b'])
    expect(told).toEqual(['a', 'b'])
  })

  it('hands on a flood in parts, in its order', () => {
    const { told, gather, pass } = lab()
    for (const each of ['a', 'b', 'c']) gather.take([each])
    expect(told).toEqual(['a'])
    pass()
    gather.take(['d'])
    expect(told).toEqual(['a', 'bc'])
    pass()
    expect(told).toEqual(['a', 'bc', 'd'])
    expect([pass(), pass()]).toEqual([true, false])
  })

  it('hands on what waits when something else is to come behind it', () => {
    const { told, gather, pass } = lab()
    gather.take(['a'])
    gather.take(['b'])
    gather.flush()
    expect(told).toEqual(['a', 'b'])
    expect(pass()).toBe(false)
    gather.flush()
    gather.take([])
    expect(told).toEqual(['a', 'b'])
  })
})
