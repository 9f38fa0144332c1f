import { describe, expect, it } from 'vitest'
import { hoursOf, seriesOf, type ChartSlot } from './slot.ts'

const slot = (at: number, byNode: Record<string, [failures: number, bans: number]>): ChartSlot => ({
  at,
  failures: Object.values(byNode).reduce((sum, [failures]) => sum + failures, 0),
  bans: Object.values(byNode).reduce((sum, [, bans]) => sum + bans, 0),
  byNode: new Map(Object.entries(byNode).map(([node, [failures, bans]]) => [node, { failures, bans }])),
})
const SLOTS = [slot(0, { pve1: [3, 1], pve2: [2, 0] }), slot(1, { pve2: [4, 1], gone: [5, 0] })]

describe('seriesOf', () => {
  it('sums all nodes when they are not split', () => {
    expect(seriesOf(SLOTS, ['pve1', 'pve2'], false)).toMatchObject([{ failures: [5, 9], bans: [1, 1] }])
  })

  it('gives each node a series and a colour by its place, and the rest one together', () => {
    expect(seriesOf(SLOTS, ['pve1', 'pve2'], true)).toEqual([
      { name: 'pve1', colour: '--node-0', failures: [3, 0], bans: [1, 0] },
      { name: 'pve2', colour: '--node-1', failures: [2, 4], bans: [0, 1] },
      { name: 'removed nodes', colour: '--node-rest', failures: [0, 5], bans: [0, 0] },
    ])
  })

  it('folds the nodes that no colour is left for', () => {
    const names = Array.from({ length: 9 }, (_, index) => `n${index}`)
    const series = seriesOf([slot(0, { n7: [1, 0], n8: [2, 0] })], names, true)
    expect(series).toHaveLength(8)
    expect(series.at(-1)).toMatchObject({ name: '2 more', failures: [3] })
  })
})

describe('hoursOf', () => {
  it('sums the slots of an hour, newest first', () => {
    const noon = new Date(2026, 10, 20, 12).getTime()
    const slots = [0, 20, 40, 60].map((minute) =>
      slot(noon + minute * 60_000, { pve1: [1, minute === 60 ? 1 : 0] }),
    )
    expect(hoursOf(slots)).toEqual([
      { at: noon + 3_600_000, failures: 1, bans: 1 },
      { at: noon, failures: 3, bans: 0 },
    ])
  })
})
