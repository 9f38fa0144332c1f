import { describe, expect, it } from 'vitest'
import { banSample, eventSample, failureSample, NOW } from '../sample/sample.ts'
import { FEED_ENTRIES, feedOf } from './feed.ts'

const newestFirst = <T>(events: readonly T[]): readonly T[] => events.toReversed()

describe('feedOf', () => {
  it('folds the failures of a jail, node and minute, at the place of the first', () => {
    const events = newestFirst([
      eventSample(1, failureSample('203.0.113.9')),
      eventSample(2, { kind: 'ban.added', ban: banSample({ origin: 'detected' }) }),
      eventSample(3, failureSample('203.0.113.10')),
      eventSample(4, failureSample('203.0.113.9'), { node: 'pve2' }),
      eventSample(5, failureSample('203.0.113.9'), { at: NOW + 60_000 }),
    ])
    expect(feedOf(events, 'all').map(({ key, count, addresses }) => [key, count, addresses])).toEqual([
      [5, 1, 1],
      [4, 1, 1],
      [2, 1, 1],
      [1, 2, 2],
    ])
  })

  it('tells once what several nodes do alike', () => {
    const events = newestFirst(
      ['pve1', 'pve2', 'pve3'].map((node, index) =>
        eventSample(index + 1, { kind: 'settings.applied', revision: 4 }, { node }),
      ),
    )
    expect(feedOf(events, 'all')).toMatchObject([{ key: 1, count: 3, nodes: ['pve1', 'pve2', 'pve3'] }])
  })

  it('can show bans only, and never what goes without saying', () => {
    const events = newestFirst([
      eventSample(1, failureSample()),
      eventSample(2, { kind: 'ban.expired', jail: 'sshd', ip: '203.0.113.9' }),
      eventSample(3, { kind: 'order.finished', order: 'x', changed: 1 }),
    ])
    expect(feedOf(events, 'bans').map((entry) => entry.key)).toEqual([2])
    expect(feedOf(events, 'all').map((entry) => entry.key)).toEqual([2, 1])
  })

  it('stays as long as a screen can be read', () => {
    const events = Array.from({ length: 150 }, (_, index) =>
      eventSample(150 - index, { kind: 'outbox.gapped', lost: 1 }),
    )
    expect(feedOf(events, 'all')).toHaveLength(FEED_ENTRIES)
  })
})
