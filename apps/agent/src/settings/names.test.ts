import { ManualClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { Names } from './names.ts'

describe('names in ignoreip', () => {
  it('are asked for now and then, and kept while nobody answers', async () => {
    const clock = new ManualClock(1_000_000)
    const asked: string[] = []
    let answer: readonly string[] = ['192.0.2.2', '192.0.2.1']
    const names = new Names(clock, async (name) => {
      asked.push(name)
      return answer
    })
    const look = async () => (await names.look(['home.example', 'home.example'])).get('home.example')
    expect(await look()).toEqual(['192.0.2.1', '192.0.2.2'])
    answer = []
    expect(await look()).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(asked).toHaveLength(1)
    clock.advance(300_000)
    expect(await look()).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(asked).toHaveLength(2)
    answer = ['192.0.2.3']
    clock.advance(60_000)
    expect(await look()).toEqual(['192.0.2.3'])
  })

  it('have no address before the first answer, and are forgotten when nobody wants them', async () => {
    const clock = new ManualClock(1_000_000)
    let answer: readonly string[] = []
    const names = new Names(clock, async () => answer)
    expect((await names.look(['home.example'])).get('home.example')).toEqual([])
    answer = ['192.0.2.1']
    expect((await names.look([])).size).toBe(0)
    expect((await names.look(['home.example'])).get('home.example')).toEqual(['192.0.2.1'])
  })
})
