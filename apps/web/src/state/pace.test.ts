import { describe, expect, it } from 'vitest'
import { linesPerSecond, linesPerSecondSince, withReading, type Reading } from './pace.ts'

const source = (lines: number, id = 'journal') =>
  ({ id, state: 'reading', lines, matches: 0, lastLineAt: null, lastMatchAt: null }) as const

/** Readings of one source: seconds and lines. */
const read = (...told: readonly [seconds: number, lines: number][]): readonly Reading[] =>
  told.reduce<readonly Reading[]>((all, [at, lines]) => withReading(all, [source(lines)], at * 1_000), [])

describe('how fast a source is read', () => {
  it.each<[string, readonly Reading[], number | null]>([
    ['nothing was told', [], null],
    ['once', read([0, 100]), null],
    ['twice at almost the same time', read([0, 100], [1, 900]), null],
    ['after 15 s', read([0, 100], [15, 130]), 2],
    ['nothing new', read([0, 100], [15, 100]), 0],
    ['a minute, and what was before it', read([0, 0], [30, 3_000], [60, 3_060], [90, 3_120]), 2],
    ['an agent that started anew', read([0, 5_000], [15, 10], [25, 30]), 2],
    ['an agent that has just started anew', read([0, 5_000], [15, 10]), null],
  ])('%s: %s', (_, readings, pace) => expect(linesPerSecond(readings, 'journal')).toBe(pace))

  it('says nothing of a source that is not there, or was not there before', () => {
    const readings = withReading(read([0, 10]), [source(20), source(500, '/var/log/new')], 10_000)
    expect(linesPerSecond(readings, '/var/log/gone')).toBeNull()
    expect(linesPerSecond(readings, '/var/log/new')).toBeNull()
    expect(linesPerSecond(readings, 'journal')).toBe(1)
  })

  it('keeps no more than it needs', () => {
    const told = Array.from({ length: 500 }, (_, at): [number, number] => [at * 15, at])
    expect(read(...told).length).toBeLessThanOrEqual(6)
  })

  it.each<[number | null, number | null, number | null]>([
    [null, 10_000, null],
    [0, null, null],
    [9_000, 10_000, null],
    [0, 100_000, 0.5],
  ])('on the whole, from %s to %s: %s', (from, to, pace) =>
    expect(linesPerSecondSince(from, to, 50)).toBe(pace),
  )
})
