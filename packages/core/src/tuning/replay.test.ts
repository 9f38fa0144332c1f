import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FailureTracker } from '../failure/tracker.ts'
import { Replay, type ReplaySettings } from './replay.ts'

const SETTINGS: ReplaySettings = { enabled: true, maxretry: 3, findtime: 600, bantime: 600 }

/** The seconds at which one address that fails at these seconds is banned. */
function bansAt(seconds: readonly number[], over: Partial<ReplaySettings> = {}): readonly number[] {
  const replay = new Replay({ ...SETTINGS, ...over }, '192.0.2.1')
  return seconds.filter((second) => replay.take(second * 1_000) !== null)
}

describe('a replay', () => {
  it.each<[string, readonly number[], Partial<ReplaySettings>, readonly number[]]>([
    ['bans at the third failure', [1, 2, 3], {}, [3]],
    ['bans nobody who failed less', [1, 2], {}, []],
    ['counts nothing while an address is banned', [1, 2, 3, 4, 5, 6, 7], {}, [3]],
    ['bans again when the ban is over', [1, 2, 3, 700, 701, 702], {}, [3, 702]],
    ['bans once for ever', [1, 2, 3, 9_000, 9_001, 9_002], { bantime: -1 }, [3]],
    ['starts from nothing after a quiet findtime', [1, 2, 700], {}, []],
    ['counts longer with a longer findtime', [1, 2, 700], { findtime: 3_600 }, [700]],
    ['bans at once', [1, 2], { maxretry: 1 }, [1]],
    ['bans nobody while the jail is off', [1, 2, 3], { enabled: false }, []],
  ])('%s', (_, seconds, over, expected) => expect(bansAt(seconds, over)).toEqual(expected))

  it('tells until when it bans, and for how many failures', () => {
    const replay = new Replay({ ...SETTINGS, maxretry: 2 }, '192.0.2.1')
    expect([0, 2_000].map((at) => replay.take(at))).toEqual([
      null,
      { at: 2_000, until: 602_000, failures: 2 },
    ])
  })

  it('counts as the tracker of a jail does, whatever comes', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 })
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 900 }),
        (steps, maxretry, findtime) => {
          // Bans that are over at once leave only the counting.
          const replay = new Replay({ ...SETTINGS, maxretry, findtime, bantime: 0 }, '192.0.2.1')
          const tracker = new FailureTracker({ maxretry, findtime, maxmatches: 3 })
          let at = 0
          for (const step of steps) {
            at += step * 1_000
            const ticket = tracker.count({ jail: 'sshd', ip: '192.0.2.1', at, line: 'a line' }, at)
            expect(replay.take(at)?.failures).toBe(ticket?.failures)
          }
        },
      ),
    )
  })
})
