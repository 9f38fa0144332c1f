import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Failure } from './failure.ts'
import { Suspects } from './suspects.ts'
import { FailureTracker, MOST_ADDRESSES, MOST_EMPTIED, MOST_EVIDENCE, type Limits } from './tracker.ts'

const LIMITS: Limits = { maxretry: 3, findtime: 600, maxmatches: 5 }
const IP = '192.0.2.1'

const failureOf = (ip: string, seconds: number, user?: string): Failure => {
  const failure = { jail: 'sshd', ip, at: seconds * 1_000, line: `l${seconds}` }
  return user === undefined ? failure : { ...failure, user }
}

/** The seconds at which failures at these seconds lead to a ticket, each coming in when it happens. */
function ticketsAt(seconds: readonly number[], limits: Limits = LIMITS): readonly number[] {
  const tracker = new FailureTracker(limits)
  let now = 0
  return seconds.filter((second) => {
    now = Math.max(now, second * 1_000)
    return tracker.count(failureOf(IP, second), now) !== null
  })
}

/** Counts failures of some addresses, looked up each time or remembered; now and then some are forgotten. */
function runWith(suspects: Suspects | null, steps: readonly Step[]): readonly unknown[] {
  const tracker = new FailureTracker({ ...LIMITS, findtime: 60 })
  return steps.map(({ ip, second, forget }) => {
    if (forget !== undefined) tracker.forget(forget === null ? null : [forget])
    tracker.tidy(second * 1_000)
    const suspect = suspects?.look(ip) ?? null
    const due = tracker.count(failureOf(ip, second), second * 1_000, 1, suspect)
    return [due?.ticket() ?? null, tracker.size]
  })
}

interface Step {
  readonly ip: string
  readonly second: number
  readonly forget?: string | null | undefined
}

const left = (tracker: FailureTracker): readonly unknown[] =>
  [...tracker.counts()].map(({ ip, failures, last }) => [ip, failures, last / 1_000])

describe('semantics of counting: a rate estimate, not a sliding window', () => {
  it.each<[string, Partial<Limits>, number[], number[]]>([
    ['the failure that is maxretry bans at once', {}, [1000, 1001, 1002], [1002]],
    ['exactly findtime apart is inside', {}, [1000, 1300, 1600], [1600]],
    ['3 at 0, 300 and 601 ban although only 2 lie inside findtime', {}, [1000, 1300, 1601], [1601]],
    [
      'a half is rounded to the even number: 3 in 720 s are 2 in findtime',
      { maxretry: 3 },
      [0, 1, 2, 720],
      [2],
    ],
    ['a steady trickle never bans', { maxretry: 5 }, [0, 200, 400, 600, 800, 1000, 1200, 1400], []],
    ['quiet for longer than findtime starts from nothing', { maxretry: 2 }, [1000, 1601, 2202, 2203], [2203]],
    ['after a ticket it starts from nothing', {}, [1000, 1001, 1002, 1003, 1004, 1005], [1002, 1005]],
    ['several at the same moment count each', {}, [1000, 1000, 1000], [1000]],
    ['failures out of order count without moving times', {}, [1500, 1000, 1001], [1001]],
    ['however old, as long as they came in together', {}, [1700, 1000, 1001], [1001]],
    ['maxretry 1 bans each', { maxretry: 1 }, [1000, 1001], [1000, 1001]],
  ])('%s', (_, limits, seconds, tickets) => {
    expect(ticketsAt(seconds, { ...LIMITS, ...limits })).toEqual(tickets)
  })

  it.each<[string, number[], number]>([
    ['2.5 → 2', [0, 1, 2, 3, 4, 1200], 3],
    ['1.5 → 2', [0, 1, 2, 1200], 3],
    ['0.5 → 0', [0, 1200], 1],
  ])('the estimate is rounded half to even: %s, and one more', (_, seconds, failures) => {
    // All come in at once, so that the pause does not count as one.
    const tracker = new FailureTracker({ ...LIMITS, maxretry: 99 })
    for (const second of seconds) tracker.count(failureOf(IP, second), 0)
    expect(left(tracker)).toEqual([[IP, failures, 1200]])
  })

  it('decides as the formula applied to all failures would', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 599 }), { minLength: 1, maxLength: 40 })
    const even = (value: number): number => {
      const floor = Math.floor(value)
      return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value)
    }
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 6 }), (steps, maxretry) => {
        let second = 0
        const seconds = steps.map((step) => (second += step))
        const expected: number[] = []
        let [count, first, last] = [0, 0, -1]
        for (const at of seconds) {
          if (count === 0) [first, last] = [at, at]
          if (at > last && first < at - 600) [count, first] = [even((count / (at - first)) * 600), at - 600]
          last = at
          if (++count < maxretry) continue
          expected.push(at)
          count = 0
        }
        expect(ticketsAt(seconds, { ...LIMITS, maxretry })).toEqual(expected)
      }),
    )
  })

  it('counts each failure of a known offender several times', () => {
    const tracker = new FailureTracker({ ...LIMITS, maxretry: 5 })
    expect(tracker.count(failureOf(IP, 1), 0, 3)).toBeNull()
    expect(tracker.count(failureOf(IP, 2), 0, 3)?.ticket()).toMatchObject({ failures: 6, seen: 2 })
  })
})

describe('a ticket', () => {
  it('holds the estimate, and how many failures went into it where they are more', () => {
    const tracker = new FailureTracker(LIMITS)
    for (const [second, user] of [
      [1_000, 'old'],
      [1_400, 'root'],
      [1_900, 'admin'],
    ] as const) {
      expect(tracker.count(failureOf(IP, second, user), second * 1_000)).toBeNull()
    }
    expect(tracker.count(failureOf(IP, 1_950, 'root'), 1_950_000)?.ticket()).toEqual({
      failures: 3,
      seen: 4,
      first: 1_350_000,
      last: 1_950_000,
      maxretry: 3,
      findtime: 600,
      users: ['old', 'root', 'admin'],
      lines: ['l1000', 'l1400', 'l1900', 'l1950'],
    })
  })

  it.each([
    [0, 0],
    [2, 2],
    [5, 5],
    [100, 20],
  ])('keeps the last lines: maxmatches %i keeps %i', (maxmatches, kept) => {
    const tracker = new FailureTracker({ ...LIMITS, maxretry: 30, maxmatches })
    for (let second = 1; second < 30; second++) tracker.count(failureOf(IP, second), 0)
    const lines = tracker.count(failureOf(IP, 30), 0)?.ticket().lines ?? []
    expect(lines).toHaveLength(kept)
    if (kept > 0) expect(lines.at(-1)).toBe('l30')
  })

  it('keeps the last ten users', () => {
    const tracker = new FailureTracker({ ...LIMITS, maxretry: 30 })
    for (let second = 1; second < 30; second++) tracker.count(failureOf(IP, second, `u${second}`), 0)
    const users = tracker.count(failureOf(IP, 30, ''), 0)?.ticket().users ?? []
    expect(users).toEqual(Array.from({ length: 10 }, (_, index) => `u${index + 20}`))
  })

  it('counts what was there when maxretry is lowered', () => {
    const tracker = new FailureTracker({ ...LIMITS, maxretry: 9 })
    for (const second of [1, 2, 3, 4]) tracker.count(failureOf(IP, second), 0)
    tracker.follow(LIMITS)
    expect(tracker.count(failureOf(IP, 5), 0)?.ticket().failures).toBe(5)
  })
})

describe('FailureTracker forgets', () => {
  function filled(): FailureTracker {
    const tracker = new FailureTracker(LIMITS)
    for (const ip of [IP, '192.0.2.2', '198.51.100.7', '2001:db8::1']) tracker.count(failureOf(ip, 1), 1_000)
    return tracker
  }

  it.each<[string | null, number]>([
    [IP, 3],
    ['192.0.2.0/24', 2],
    ['2001:db8::/32', 3],
    ['203.0.113.9', 4],
    [null, 0],
  ])('%s, %i are left', (target, kept) => {
    const tracker = filled()
    tracker.forget(target === null ? null : [target])
    expect(tracker.size).toBe(kept)
    expect(left(tracker)).toHaveLength(kept)
  })

  it('who kept quiet for longer than findtime', () => {
    const tracker = filled()
    tracker.count(failureOf(IP, 2), 2_000)
    tracker.tidy(601_000)
    expect(tracker.size).toBe(4)
    tracker.tidy(601_001)
    expect(left(tracker)).toEqual([[IP, 2, 2]])
    tracker.tidy(602_001)
    expect(tracker.size).toBe(0)
  })

  it('the address that failed longest ago when there are too many', () => {
    const tracker = new FailureTracker({ ...LIMITS, maxretry: 9 })
    for (let index = 0; index < MOST_ADDRESSES; index++) tracker.count(failureOf(`a${index}`, 1), 0)
    tracker.count(failureOf('a0', 1), 0)
    tracker.count(failureOf('new', 1), 0)
    expect(tracker.size).toBe(MOST_ADDRESSES)
    for (const ip of ['a1', 'a0', 'new']) tracker.count(failureOf(ip, 2), 0)
    const counts = new Map([...tracker.counts()].map(({ ip, failures }) => [ip, failures]))
    expect(['a0', 'a1', 'new'].map((ip) => counts.get(ip))).toEqual([3, 1, 2])
  })

  it('who was banned before many others, and is counted like anybody when they come again', () => {
    const tracker = new FailureTracker({ ...LIMITS, maxretry: 2 })
    const banned = (ip: string): boolean => {
      tracker.count(failureOf(ip, 1), 0)
      return tracker.count(failureOf(ip, 1), 0) !== null
    }
    const ips = Array.from({ length: 3 * MOST_EMPTIED }, (_, index) => `a${index}`)
    expect(ips.every(banned)).toBe(true)
    expect(tracker.remembered).toBeLessThanOrEqual(MOST_EMPTIED)
    expect(tracker.size).toBe(0)
    expect(ips.every(banned)).toBe(true)
  })

  it('the evidence of those, but not their counts, when lines fill the memory', () => {
    const tracker = new FailureTracker(LIMITS)
    const long = 'x'.repeat(1_000)
    for (let index = 0; index <= MOST_EVIDENCE / 1_000; index++)
      tracker.add({ jail: 'sshd', ip: `a${index}`, at: 1_000, line: long })
    tracker.count(failureOf('a0', 1), 0)
    expect(tracker.count(failureOf('a0', 1), 0)?.ticket()).toMatchObject({ failures: 3, lines: ['l1', 'l1'] })
    const newest = `a${MOST_EVIDENCE / 1_000}`
    tracker.count(failureOf(newest, 1), 0)
    expect(tracker.count(failureOf(newest, 1), 0)?.ticket().lines).toEqual([long, 'l1', 'l1'])
  })
})

describe('addresses that are known already', () => {
  it('are counted as if they were looked up, also after they were forgotten', () => {
    const ip = fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1')
    const forget = fc.option(fc.constantFrom(null, '192.0.2.1', '192.0.2.0/30'), { nil: undefined, freq: 6 })
    const steps = fc
      .array(fc.record({ ip, gap: fc.integer({ min: 0, max: 40 }), forget }), { maxLength: 40 })
      .map((all) => {
        let second = 1_000
        return all.map(({ gap, ...step }): Step => ({ ...step, second: (second += gap) }))
      })
    fc.assert(
      fc.property(steps, (all) => {
        expect(runWith(new Suspects(), all)).toEqual(runWith(null, all))
      }),
    )
  })
})
