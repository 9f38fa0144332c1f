import { expect, it } from 'vitest'
import { Lifecycle, type Part } from './lifecycle.ts'

function part(name: string, seen: string[], how: { fails?: boolean; hangs?: boolean } = {}): Part {
  return {
    name,
    start() {
      if (how.fails) throw new Error(`${name} failed`)
      seen.push(`+${name}`)
    },
    async [Symbol.asyncDispose]() {
      seen.push(`-${name}`)
      if (how.hangs) await new Promise(() => {})
    },
  }
}

it('starts in order and stops in reverse', async () => {
  const seen: string[] = []
  const life = new Lifecycle([part('a', seen), part('b', seen)])
  await life.start()
  await life.stop(1_000, () => {})
  expect(seen).toEqual(['+a', '+b', '-b', '-a'])
})

it('stops what runs when one does not start', async () => {
  const seen: string[] = []
  const life = new Lifecycle([part('a', seen), part('b', seen, { fails: true }), part('c', seen)])
  await expect(life.start()).rejects.toThrow('b failed')
  expect(seen).toEqual(['+a', '-a'])
})

it('leaves behind and names what does not stop in time', async () => {
  const seen: string[] = []
  const slow: string[] = []
  const life = new Lifecycle([part('a', seen), part('b', seen, { hangs: true })])
  await life.start()
  await life.stop(5, (name) => slow.push(name))
  expect(slow).toEqual(['b'])
  expect(seen).toEqual(['+a', '+b', '-b', '-a'])
})
