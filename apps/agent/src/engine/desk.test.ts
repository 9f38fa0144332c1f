import { ManualClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { Desk } from './desk.ts'

/** A desk whose work ends when it is told to. */
function deskWith(change: Partial<ConstructorParameters<typeof Desk<string>>[0]> = {}) {
  const clock = new ManualClock(0)
  const open = new Map<string, (answer: string) => void>()
  const worked: string[] = []
  const desk = new Desk<string>({
    clock,
    work: (question) => {
      worked.push(question)
      const { promise, resolve } = Promise.withResolvers<string>()
      open.set(question, resolve)
      return promise
    },
    atOnce: 2,
    waiting: 2,
    keptMs: 1_000,
    kept: 2,
    ...change,
  })
  const finish = (question: string): void => open.get(question)?.(`${question}!`)
  return { clock, desk, worked, finish }
}

describe('Desk', () => {
  it('works on a few at a time, and turns away who would wait behind too many', async () => {
    const { desk, worked, finish } = deskWith()
    const asked = ['a', 'b', 'c', 'd', 'e'].map((question) => desk.ask(question))
    expect(asked.map((answer) => answer === null)).toEqual([false, false, false, false, true])
    expect(worked).toEqual(['a', 'b'])
    finish('b')
    expect(await asked[1]).toBe('b!')
    expect(worked).toEqual(['a', 'b', 'c'])
    for (const question of ['a', 'c']) finish(question)
    expect([await asked[0], await asked[2]]).toEqual(['a!', 'c!'])
    finish('d')
    expect(await asked[3]).toBe('d!')
  })

  it('gives one answer to all who ask the same, for a while', async () => {
    const { clock, desk, worked, finish } = deskWith()
    const asked = [desk.ask('a'), desk.ask('a')]
    finish('a')
    expect(await Promise.all(asked)).toEqual(['a!', 'a!'])
    clock.advance(999)
    expect(await desk.ask('a')).toBe('a!')
    expect(worked).toEqual(['a'])
    clock.advance(1)
    const again = desk.ask('a')
    finish('a')
    expect(await again).toBe('a!')
    expect(worked).toEqual(['a', 'a'])
  })

  it('keeps a few answers only, the newest', async () => {
    const { desk, worked, finish } = deskWith()
    for (const question of ['a', 'b', 'c']) {
      const answer = desk.ask(question)
      finish(question)
      await answer
    }
    void desk.ask('c')
    void desk.ask('a')
    expect(worked).toEqual(['a', 'b', 'c', 'a'])
  })

  it('keeps none where that is asked for', async () => {
    const { desk, worked, finish } = deskWith({ keptMs: 0 })
    const answer = desk.ask('a')
    finish('a')
    await answer
    void desk.ask('a')
    expect(worked).toEqual(['a', 'a'])
  })
})
