import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { WorldLine } from './attempt.ts'
import { SCRIPTS } from './script/index.ts'
import { opening } from './script/opening.ts'
import { past } from './script/past.ts'
import type { ScriptName } from './script/script.ts'
import { timeline } from './timeline.ts'
import { makeWorld } from './world.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 3, 4, 567)
const HOUR = 3_600_000
const NAMES: readonly ScriptName[] = ['quiet-day', 'storm', 'node-lost', 'false-alarm', 'flood']

function lines(
  name: ScriptName,
  { seed = 1, from = NOW, until = NOW + HOUR, nodes = 5 } = {},
): readonly WorldLine[] {
  const world = makeWorld({ seed, nodes })
  const found: WorldLine[] = []
  for (const line of timeline(world, SCRIPTS[name](world, NOW), from)) {
    if (line.at >= until) break
    found.push(line)
  }
  return found
}

const hash = (of: readonly WorldLine[]): string =>
  createHash('sha256').update(JSON.stringify(of)).digest('hex')
const failures = (of: readonly WorldLine[]): readonly WorldLine[] =>
  of.filter((line) => /^(Failed|authentication failure;)/.test(line.message))

describe('timeline', () => {
  it.each(NAMES)('gives the same lines for the same seed: %s', (name) => {
    expect(hash(lines(name))).toBe(hash(lines(name)))
    if (name !== 'node-lost') expect(hash(lines(name, { seed: 2 }))).not.toBe(hash(lines(name)))
  })

  it('gives the lines that are written down here, on every machine', () => {
    expect(hash(lines('quiet-day')).slice(0, 16)).toBe('4f47f1096b025759')
    expect(hash(lines('storm')).slice(0, 16)).toBe('ef81cd14d3689b00')
  })

  it.each(NAMES)('is in order of time and begins where asked: %s', (name) => {
    const times = lines(name).map((line) => line.at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.every((at) => at >= NOW && Number.isInteger(at))).toBe(true)
  })

  it.each([1, 999, 59_001, 600_000, 1_234_567])('gives the rest when it starts %d ms later', (later) => {
    const whole = lines('quiet-day')
    const rest = lines('quiet-day', { from: NOW + later })
    expect(rest).toEqual(whole.filter((line) => line.at >= NOW + later))
  })

  it('brings no address that is not set aside for documentation', () => {
    const foreign = NAMES.flatMap((name) => lines(name, { until: NOW + 5 * 60_000 }))
      .map((line) => line.from)
      .filter(
        (ip) => ip !== null && !/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^2001:db8:[\da-f:]+$/.test(ip),
      )
    expect(foreign).toEqual([])
  })
})

describe('scripts', () => {
  it('quiet-day: some failures an hour, in a stream of everyday lines', () => {
    const all = lines('quiet-day')
    expect(failures(all).length).toBeGreaterThan(40)
    expect(failures(all).length).toBeLessThan(400)
    expect(all.length).toBeGreaterThan(800)
    expect(new Set(all.map((line) => line.node)).size).toBe(5)
  })

  it('storm: more than 250 addresses fail five times within a minute and a half', () => {
    const counts = new Map<string, number>()
    for (const line of failures(lines('storm', { until: NOW + 90_000 })))
      if (line.from) counts.set(line.from, (counts.get(line.from) ?? 0) + 1)
    expect([...counts.values()].filter((count) => count >= 5).length).toBeGreaterThan(250)
  })

  it('opening: three attackers within a minute, each long enough for a ban', () => {
    const world = makeWorld({ seed: 1, nodes: 5 })
    const all = failures([...timeline(world, opening(world, NOW), NOW)])
    const counts = [...Map.groupBy(all, (line) => line.from).values()].map((of) => of.length)
    expect(counts).toEqual([10, 10, 10])
    expect(all[0]!.at).toBeLessThan(NOW + 8_000)
  })

  it('flood: a thousand lines a second at one node', () => {
    const all = lines('flood')
    expect(all.length).toBeGreaterThan(60_000)
    expect(new Set(all.map((line) => line.node)).size).toBe(1)
  })

  it('false-alarm: one who belongs here fails again and again', () => {
    const world = makeWorld({ seed: 1, nodes: 5 })
    const from = new Set(failures(lines('false-alarm')).map((line) => line.from))
    expect(from.size).toBe(1)
    expect(world.people.map((person) => person.address)).toContain([...from][0])
  })

  it('storm: the second one brings others', () => {
    const world = makeWorld({ seed: 1, nodes: 5 })
    const crowd = (turn: number): ReadonlySet<string | null> =>
      new Set([...timeline(world, SCRIPTS.storm(world, NOW, turn), NOW)].map((line) => line.from))
    expect(crowd(0)).toEqual(crowd(0))
    expect([...crowd(1)].filter((ip) => !crowd(0).has(ip)).length).toBeGreaterThan(100)
  })

  it('node-lost: names a node and a time, and writes nothing', () => {
    const world = makeWorld({ seed: 1, nodes: 5 })
    const { outages } = SCRIPTS['node-lost'](world, NOW)
    expect(outages).toHaveLength(1)
    expect(world.nodes.map((node) => node.name)).toContain(outages[0]?.node)
    expect(lines('node-lost')).toEqual([])
  })

  it('past: ends where it should, with nights, days and storms', () => {
    const world = makeWorld({ seed: 1, nodes: 5 })
    const from = NOW - 30 * 24 * HOUR
    const all = [...timeline(world, past(world, from, NOW), from)]
    expect(all.length).toBeGreaterThan(50_000)
    const perHour = new Map<number, number>()
    for (const { at } of failures(all))
      perHour.set(Math.floor(at / HOUR), (perHour.get(Math.floor(at / HOUR)) ?? 0) + 1)
    const sorted = [...perHour.values()].toSorted((a, b) => a - b)
    expect(sorted.at(-1)!).toBeGreaterThan(4 * sorted[sorted.length >> 1]!)
  })
})
