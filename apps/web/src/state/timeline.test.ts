import { describe, expect, it } from 'vitest'
import { banSample, eventSample, failureSample, timelineSample } from '../sample/sample.ts'
import { addToTimeline, moveTo, slotsOf } from './timeline.ts'

describe('the timeline', () => {
  it('counts a failure in the bucket of its time and node', () => {
    const once = addToTimeline(timelineSample, eventSample(1, failureSample(), { at: 150 }))
    expect(once.buckets).toEqual([{ at: 100, node: 'pve1', failures: 3, bans: 1 }])
    const other = addToTimeline(
      once,
      eventSample(2, { kind: 'ban.added', ban: banSample() }, { at: 399, node: 'pve2' }),
    )
    expect(other.buckets[1]).toEqual({ at: 300, node: 'pve2', failures: 0, bans: 1 })
  })

  it('stays as it is for what it does not count', () => {
    expect(
      addToTimeline(timelineSample, eventSample(1, { kind: 'settings.applied', revision: 1 }, { at: 150 })),
    ).toBe(timelineSample)
    expect(addToTimeline(timelineSample, eventSample(1, failureSample(), { at: -1 }))).toBe(timelineSample)
  })

  it('moves on by whole buckets and drops what falls out', () => {
    const moved = moveTo(timelineSample, 610)
    expect([moved.from, moved.to, moved.buckets]).toEqual([300, 700, []])
    expect(moveTo(timelineSample, 399)).toBe(timelineSample)
  })

  it('is cut into slots without holes', () => {
    const slots = slotsOf(timelineSample)
    expect(slots.map((slot) => [slot.at, slot.failures, slot.bans])).toEqual([
      [0, 0, 0],
      [100, 2, 1],
      [200, 0, 0],
      [300, 0, 0],
    ])
    expect(slots[1]?.byNode.get('pve1')).toEqual({ failures: 2, bans: 1 })
  })
})
