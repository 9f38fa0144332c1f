import { describe, expect, it } from 'vitest'
import { makeWorld } from './world.ts'

const DOCUMENTATION = /^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/

describe('makeWorld', () => {
  it('is the same for the same seed', () => {
    expect(makeWorld({ seed: 3, nodes: 5 })).toEqual(makeWorld({ seed: 3, nodes: 5 }))
    expect(makeWorld({ seed: 3, nodes: 5 })).not.toEqual(makeWorld({ seed: 4, nodes: 5 }))
  })

  it.each([1, 5, 50])('uses only documentation addresses, each for one party (%i nodes)', (nodes) => {
    const world = makeWorld({ seed: 1, nodes })
    const all = [
      ...world.nodes.map((node) => node.address),
      ...world.people.map((person) => person.address),
      ...world.attackers.flatMap((attacker) => attacker.addresses),
      ...world.strangers,
    ]
    expect(all.filter((ip) => !DOCUMENTATION.test(ip))).toEqual([])
    expect(new Set(all).size).toBe(all.length)
    expect(new Set(world.attackers.map((attacker) => attacker.id)).size).toBe(world.attackers.length)
    expect(world.strangers.length).toBeGreaterThan(300)
  })

  it.each([0, 51, 1.5])('refuses %d nodes', (nodes) => {
    expect(() => makeWorld({ seed: 1, nodes })).toThrow(RangeError)
  })
})
