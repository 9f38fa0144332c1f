import { ManualClock } from '@warder/daemon'
import { makeWorld, SCRIPTS, timeline, type Outage, type WorldLine } from '@warder/simulator'
import { describe, expect, it } from 'vitest'
import { Feed } from './feed.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const world = makeWorld({ seed: 1, nodes: 3 })

function stage() {
  const clock = new ManualClock(NOW)
  const lines: WorldLine[] = []
  const outages: Outage[] = []
  const feed = new Feed({
    world,
    clock,
    deliver: async (_, fresh) => void lines.push(...fresh),
    outage: (outage) => void outages.push(outage),
  })
  /** Moves in small steps, with time for each delivery to end. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50)
      for (let i = 0; i < 10; i++) await Promise.resolve()
    }
  }
  return { clock, feed, lines, outages, pass }
}

const written = (ms: number): readonly WorldLine[] => {
  const found: WorldLine[] = []
  for (const line of timeline(world, SCRIPTS['quiet-day'](world, NOW), NOW)) {
    if (line.at > NOW + ms) return found
    found.push(line)
  }
  return found
}

describe('Feed', () => {
  it.each([1, 30])(
    'delivers every line once, when its time has come, at %d times the pace',
    async (speed) => {
      const { feed, lines, pass } = stage()
      feed.play(SCRIPTS['quiet-day'](world, NOW), speed)
      feed.start()
      await pass(60_000)
      const expected = written(60_000 * speed)
      expect(lines.length).toBe(expected.length)
      expect(lines.map((line) => line.message).toSorted()).toEqual(
        expected.map((line) => line.message).toSorted(),
      )
      expect(lines.every((line) => line.at >= NOW && line.at <= NOW + 60_000)).toBe(true)
      await feed[Symbol.asyncDispose]()
    },
  )

  it('plays a script over what goes on, and ends it', async () => {
    const { feed, lines, pass, clock } = stage()
    feed.start()
    await pass(1_000)
    feed.play(SCRIPTS.storm(world, clock.now()), 1)
    await pass(120_000)
    const before = lines.length
    expect(before).toBeGreaterThan(5_000)
    await pass(5_000)
    expect(lines.length).toBe(before)
    await feed[Symbol.asyncDispose]()
  })

  it('tells who goes away', () => {
    const { feed, outages } = stage()
    feed.play(SCRIPTS['node-lost'](world, NOW), 1)
    expect(outages).toMatchObject([{ from: NOW, until: NOW + 45_000 }])
  })

  it('goes on where it was after the machine slept', async () => {
    const { feed, lines, pass, clock } = stage()
    feed.play(SCRIPTS['quiet-day'](world, NOW), 1)
    feed.start()
    await pass(2_000)
    const before = lines.length
    await feed[Symbol.asyncDispose]()
    clock.advance(8 * 3_600_000)
    feed.start()
    await pass(10_000)
    expect(lines.length - before).toBeLessThan(30)
    await feed[Symbol.asyncDispose]()
  })
})
