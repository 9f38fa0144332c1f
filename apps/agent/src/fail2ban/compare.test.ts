import { describe, expect, it } from 'vitest'
import { Comparison, type Difference, type Summary, type Verdict } from './compare.ts'

const START = Date.UTC(2026, 10, 20, 12)
const at = (seconds: number): number => START + seconds * 1_000
const ban = (seconds: number, bantime = 600, ip = '203.0.113.1'): Verdict => ({
  jail: 'door',
  ip,
  at: at(seconds),
  until: bantime < 0 ? null : at(seconds + bantime),
  why: null,
})

/** What is done, and when, in seconds. */
type Step = readonly [
  seconds: number,
  step: 'ours' | 'theirs' | 'begin' | 'failure' | 'ignored' | 'lifted' | 'we lifted' | 'settle',
  verdict?: Verdict,
]

function play(steps: readonly Step[]): { told: string[]; summary: Partial<Summary> } {
  const comparison = new Comparison({
    toleranceMs: 10_000,
    startedAt: START,
    findtimesMs: new Map([['door', 600_000]]),
  })
  const told: Difference[] = []
  for (const [seconds, step, verdict = ban(seconds)] of steps) {
    const { jail, ip } = verdict
    if (step === 'begin') comparison.begin(verdict)
    else if (step === 'failure') comparison.noteFailure(jail, ip, null)
    else if (step === 'ignored') comparison.noteFailure(jail, ip, 'it is loopback')
    else if (step === 'lifted') comparison.lifted('theirs', verdict, at(seconds))
    else if (step === 'we lifted') comparison.lifted('ours', verdict, at(seconds))
    else if (step === 'settle') told.push(...comparison.settle(at(seconds)))
    else told.push(...comparison.note(step, verdict, at(seconds)))
  }
  const summary = Object.entries(comparison.summary()).filter(([, count]) => count > 0)
  return { told: told.map(({ kind, why }) => `${kind}: ${why}`), summary: Object.fromEntries(summary) }
}

describe('a comparison with fail2ban', () => {
  it.each<[string, readonly Step[], readonly string[], Partial<Summary>]>([
    [
      'agrees on the same ban',
      [
        [700, 'ours'],
        [702, 'theirs', ban(700)],
        [720, 'settle'],
      ],
      [],
      { agreed: 1 },
    ],
    [
      'whoever is first',
      [
        [700, 'theirs'],
        [709, 'ours', ban(701)],
        [730, 'settle'],
      ],
      [],
      { agreed: 1 },
    ],
    [
      'tells what fail2ban alone lifted before its end, once',
      [
        [700, 'ours'],
        [701, 'theirs', ban(700)],
        [720, 'settle'],
        [730, 'lifted'],
        [739, 'settle'],
        [740, 'settle'],
        [741, 'settle'],
      ],
      [`unbanned: fail2ban lifted its ban, Warder bans until ${new Date(at(1_300)).toISOString()}`],
      { agreed: 1, unbanned: 1 },
    ],
    [
      'tells what Warder alone lifted before its end',
      [
        [700, 'ours'],
        [701, 'theirs', ban(700)],
        [720, 'settle'],
        [730, 'we lifted'],
        [740, 'settle'],
      ],
      [`unbanned: Warder lifted its ban, fail2ban bans until ${new Date(at(1_300)).toISOString()}`],
      { agreed: 1, unbanned: 1 },
    ],
    [
      'says nothing where both lifted, one banned anew at once, or the ban was over anyhow',
      [
        [700, 'ours'],
        [701, 'theirs', ban(700)],
        [715, 'settle'],
        [720, 'lifted'],
        [725, 'we lifted'],
        [740, 'settle'],
        [750, 'ours'],
        [750, 'theirs', ban(750)],
        [765, 'settle'],
        [770, 'lifted'],
        [775, 'theirs', ban(775)],
        [775, 'ours', ban(775)],
        [790, 'settle'],
        [1_380, 'lifted'],
        [1_400, 'settle'],
      ],
      [],
      { agreed: 3 },
    ],
    [
      'waits before it judges',
      [
        [700, 'ours'],
        [709, 'settle'],
      ],
      [],
      { open: 1 },
    ],
    [
      'tells a ban of ours alone with its reason',
      [
        [700, 'ours', { ...ban(700), why: '3 failed logins' }],
        [710, 'settle'],
      ],
      ['only Warder: 3 failed logins'],
      { onlyWarder: 1 },
    ],
    [
      'tells a ban of theirs alone with what we counted',
      [
        [700, 'failure'],
        [701, 'theirs'],
        [711, 'settle'],
      ],
      ['only fail2ban: Warder counted 1 failures'],
      { onlyFail2ban: 1 },
    ],
    [
      'tells why we counted none',
      [
        [5, 'ignored'],
        [6, 'theirs'],
        [16, 'settle'],
      ],
      ['only fail2ban: Warder counted none: it is loopback'],
      { onlyFail2ban: 1 },
    ],
    [
      'does not hold against us what began before',
      [
        [5, 'failure'],
        [6, 'theirs'],
        [16, 'settle'],
      ],
      ['not comparable: Warder saw 1 failures; others may have been before it began to look'],
      { notComparable: 1 },
    ],
    [
      'takes back what was said too early',
      [
        [700, 'ours', { ...ban(700), why: 'x' }],
        [710, 'settle'],
        [730, 'theirs', ban(700)],
        [760, 'settle'],
      ],
      ['only Warder: x', 'late: fail2ban followed after 30 s'],
      { late: 1 },
    ],
    [
      'looks at the end once nothing is on the way',
      [
        [700, 'ours', ban(700, 1_200)],
        [701, 'theirs'],
        [702, 'theirs', ban(701, 1_200)],
        [712, 'settle'],
      ],
      [],
      { agreed: 1 },
    ],
    [
      'tells another end',
      [
        [700, 'ours', ban(700, -1)],
        [701, 'theirs', ban(700)],
        [712, 'settle'],
      ],
      ['other end: Warder until ever, fail2ban until 2026-11-20T12:21:40.000Z'],
      { agreed: 1, otherEnd: 1 },
    ],
    [
      'takes two that never end for alike',
      [
        [700, 'ours', ban(700, -1)],
        [701, 'theirs', ban(700, -1)],
        [712, 'settle'],
      ],
      [],
      { agreed: 1 },
    ],
    [
      'agrees with a ban that stood before',
      [
        [0, 'begin', ban(-60, 9_000)],
        [700, 'ours'],
        [720, 'settle'],
      ],
      [],
      { agreed: 1 },
    ],
    [
      'does not count a ban that is made longer again',
      [
        [700, 'ours'],
        [701, 'theirs'],
        [712, 'settle'],
        [750, 'ours'],
        [800, 'settle'],
      ],
      [],
      { agreed: 1 },
    ],
    [
      'takes a ban after a lift by hand for a new one',
      [
        [700, 'ours', ban(700, 60)],
        [701, 'theirs', ban(700, 60)],
        [712, 'settle'],
        [713, 'lifted'],
        [800, 'theirs'],
        [811, 'settle'],
      ],
      ['only fail2ban: Warder counted 0 failures'],
      { agreed: 1, onlyFail2ban: 1 },
    ],
  ])('%s', (_, steps, told, summary) => {
    expect(play(steps)).toEqual({ told, summary })
  })
})
