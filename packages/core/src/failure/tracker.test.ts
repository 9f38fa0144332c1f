import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Failure } from './failure.ts'
import { FailureTracker, MOST_ADDRESSES, MOST_FAILURES, type Limits } from './tracker.ts'

const LIMITS: Limits = { maxretry: 3, findtime: 600, maxmatches: 5 }

const failureOf = (ip: string, seconds: number, user?: string): Failure => {
  const failure = { jail: 'sshd', ip, at: seconds * 1_000, line: `l${seconds}` }
  return user === undefined ? failure : { ...failure, user }
}

/** The seconds at which failures at these seconds lead to a ticket, each coming in when it happens. */
function ticketsAt(seconds: readonly number[], limits: Limits = LIMITS): readonly number[] {
  const tracker = new FailureTracker()
  let now = 0
  return seconds.filter((second) => {
    now = Math.max(now, second * 1_000)
    return tracker.count(failureOf('192.0.2.1', second), limits, now) !== null
  })
}

describe('FailureTracker finds maxretry failures inside findtime', () => {
  it.each<[string, number[], number[]]>([
    ['the third one', [1000, 1001, 1002], [1002]],
    ['exactly findtime apart', [1000, 1300, 1600], [1600]],
    ['a moment further apart', [1000, 1300, 1601], []],
    ['the window slides', [1000, 1300, 1601, 1700], [1700]],
    ['a steady trickle', [1000, 1400, 1800, 2200, 2600, 3000], []],
    ['from nothing after a ticket', [1000, 1001, 1002, 1003, 1004, 1005], [1002, 1005]],
    ['all at once', [1000, 1000, 1000], [1000]],
    ['out of order', [1500, 1000, 1001], [1001]],
    ['out of order, but too far apart', [1700, 1000, 1001], []],
  ])('%s', (_, seconds, tickets) => {
    expect(ticketsAt(seconds)).toEqual(tickets)
  })

  it('bans at once with maxretry 1', () => {
    expect(ticketsAt([1000, 1001], { ...LIMITS, maxretry: 1 })).toEqual([1000, 1001])
  })

  it('decides as a look at all failures would', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 6 }), (steps, maxretry) => {
        let second = 0
        const seconds = steps.map((step) => (second += step))
        const expected: number[] = []
        let since: number[] = []
        for (const at of seconds) {
          since = [...since, at].filter((other) => other >= at - LIMITS.findtime)
          if (since.length < maxretry) continue
          expected.push(at)
          since = []
        }
        expect(ticketsAt(seconds, { ...LIMITS, maxretry })).toEqual(expected)
      }),
    )
  })

  it('does not mind the order in which failures of one window come', () => {
    const window = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(window, (seconds) => {
        expect(ticketsAt(seconds)).toHaveLength(1)
      }),
    )
  })
})

describe('a ticket', () => {
  it('holds the evidence of its window only', () => {
    const tracker = new FailureTracker()
    tracker.count(failureOf('192.0.2.1', 1_000, 'old'), LIMITS, 0)
    tracker.count(failureOf('192.0.2.1', 1_700, 'root'), LIMITS, 0)
    tracker.count(failureOf('192.0.2.1', 1_800, 'admin'), LIMITS, 0)
    expect(tracker.count(failureOf('192.0.2.1', 1_900, 'root'), LIMITS, 0)).toEqual({
      failures: 3,
      first: 1_700_000,
      last: 1_900_000,
      maxretry: 3,
      findtime: 600,
      users: ['root', 'admin'],
      lines: ['l1700', 'l1800', 'l1900'],
    })
  })

  it.each([
    [0, 0],
    [2, 2],
    [5, 5],
    [100, 20],
  ])('keeps the last lines: maxmatches %i keeps %i', (maxmatches, kept) => {
    const tracker = new FailureTracker()
    const limits = { ...LIMITS, maxretry: 30, maxmatches }
    for (let second = 1; second < 30; second++) tracker.count(failureOf('192.0.2.1', second), limits, 0)
    const lines = tracker.count(failureOf('192.0.2.1', 30), limits, 0)?.lines ?? []
    expect(lines).toHaveLength(kept)
    if (kept > 0) expect(lines.at(-1)).toBe('l30')
  })

  it('keeps the last ten users', () => {
    const tracker = new FailureTracker()
    const limits = { ...LIMITS, maxretry: 30 }
    for (let second = 1; second < 30; second++)
      tracker.count(failureOf('192.0.2.1', second, `u${second}`), limits, 0)
    const users = tracker.count(failureOf('192.0.2.1', 30, ''), limits, 0)?.users ?? []
    expect(users).toEqual(Array.from({ length: 10 }, (_, index) => `u${index + 20}`))
  })

  it('counts what was there when maxretry is lowered', () => {
    const tracker = new FailureTracker()
    for (const second of [1, 2, 3, 4])
      tracker.count(failureOf('192.0.2.1', second), { ...LIMITS, maxretry: 9 }, 0)
    expect(tracker.count(failureOf('192.0.2.1', 5), LIMITS, 0)?.failures).toBe(5)
  })
})

describe('FailureTracker forgets', () => {
  function filled(): FailureTracker {
    const tracker = new FailureTracker()
    for (const ip of ['192.0.2.1', '192.0.2.2', '198.51.100.7', '2001:db8::1']) {
      tracker.count(failureOf(ip, 1), LIMITS, 1_000)
    }
    return tracker
  }

  it.each<[string | null, number]>([
    ['192.0.2.1', 3],
    ['192.0.2.0/24', 2],
    ['2001:db8::/32', 3],
    ['203.0.113.9', 4],
    [null, 0],
  ])('%s, %i are left', (target, left) => {
    const tracker = filled()
    tracker.forget(target)
    expect(tracker.size).toBe(left)
  })

  it('who failed last before a moment', () => {
    const tracker = filled()
    tracker.count(failureOf('192.0.2.1', 2), LIMITS, 2_000)
    tracker.dropBefore(1_001)
    expect(tracker.size).toBe(1)
    tracker.dropBefore(2_001)
    expect(tracker.size).toBe(0)
  })

  it('the oldest address when there are too many', () => {
    const tracker = new FailureTracker()
    for (let index = 0; index <= MOST_ADDRESSES; index++)
      tracker.count(failureOf(`a${index}`, 1), LIMITS, index)
    expect(tracker.size).toBe(MOST_ADDRESSES)
    expect(tracker.add(failureOf('a0', 2), LIMITS, MOST_ADDRESSES).times).toHaveLength(1)
    expect(tracker.add(failureOf('a9', 2), LIMITS, MOST_ADDRESSES).times).toHaveLength(2)
  })

  it('the oldest address when there are too many failures in all', () => {
    const tracker = new FailureTracker()
    const limits = { ...LIMITS, maxretry: MOST_FAILURES, maxmatches: 0 }
    tracker.add(failureOf('old', 1), limits, 0)
    for (let index = 0; index < MOST_FAILURES; index++) tracker.add(failureOf('busy', 1), limits, index)
    expect(tracker.size).toBe(1)
  }, 60_000)
})
