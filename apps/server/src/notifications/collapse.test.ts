import { ruleBody, type RuleBody } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { due, familyOf, taken, type Group } from './collapse.ts'
import type { Rule } from './match.ts'
import type { Notice } from './notice.ts'
import { notificationOf } from './notification.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Noon in Berlin, where it is winter. */
const NOON = Date.UTC(2026, 10, 20, 11)

const ruleOf = (over: Partial<RuleBody> = {}): Rule => ({
  id: 1,
  ...ruleBody.parse({ channels: [1], zone: 'Europe/Berlin', ...over }),
})
const ban = (at: number, ip = '192.0.2.1', node = 'pve1'): Notice => ({
  topic: 'ban',
  at,
  node,
  jail: 'sshd',
  ip,
  title: `sshd banned ${ip} on ${node} for 10m`,
  detail: null,
})
const lost = (at: number, node: string): Notice => ({
  topic: 'node-lost',
  at,
  node,
  jail: null,
  ip: null,
  title: `${node} is lost`,
  detail: null,
})

/** Plays notices through one rule with a tick every minute → when what was told, in minutes since the first. */
function play(rule: Rule, notices: readonly Notice[], untilMs: number): readonly string[] {
  const told: string[] = []
  const start = notices[0]?.at ?? 0
  let group: Group | null = null
  const rest = [...notices]
  for (let now = start; now <= start + untilMs; now += MINUTE) {
    for (let next = rest[0]; next !== undefined && next.at <= now; next = rest[0]) {
      rest.shift()
      const decision = taken(rule, group, next, { now: next.at, silence: null })
      group = decision.group
      if (decision.send)
        told.push(
          `${(next.at - start) / MINUTE}: ${notificationOf(rule, decision.send, decision.more).title}`,
        )
    }
    if (group !== null && group.dueAt <= now) {
      const decision = due(rule, group, { now, silence: null })
      group = decision.group
      if (decision.send)
        told.push(`${(now - start) / MINUTE}: ${notificationOf(rule, decision.send, decision.more).title}`)
    }
  }
  return told
}
const every = (ms: number, count: number, make: (at: number, i: number) => Notice, from = NOON): Notice[] =>
  Array.from({ length: count }, (_, i) => make(from + i * ms, i))

describe('an attack', () => {
  it('is told at its first ban, then in summaries at growing intervals, and has an end', () => {
    const bans = every(MINUTE, 120, (at, i) => ban(at, `192.0.2.${i}`, `pve${i % 3}`))
    expect(play(ruleOf(), bans, 10 * HOUR)).toEqual([
      '0: sshd banned 192.0.2.0 on pve0 for 10m',
      '15: 15 more bans of 15 addresses on 3 nodes',
      '45: 30 more bans of 30 addresses on 3 nodes',
      '105: 60 more bans of 60 addresses on 3 nodes',
      '225: 14 more bans of 14 addresses on 3 nodes',
    ])
  })

  it('of one ban is one message, and the next one hours later is another', () => {
    expect(play(ruleOf(), [ban(NOON), ban(NOON + 3 * HOUR)], 5 * HOUR)).toHaveLength(2)
  })

  it('of ten thousand bans in a minute is two messages of bounded size', () => {
    const bans = every(6, 10_000, (at, i) => ban(at, `10.0.${i >> 8}.${i & 255}`))
    const rule = ruleOf()
    expect(play(rule, bans, HOUR)).toEqual([
      '0: sshd banned 10.0.0.0 on pve1 for 10m',
      '15: 9999 more bans of 200+ addresses on pve1',
    ])
  })

  it('that goes on all night is a few messages', () => {
    expect(
      play(
        ruleOf(),
        every(MINUTE, 12 * 60, (at) => ban(at)),
        12 * HOUR,
      ).length,
    ).toBeLessThanOrEqual(7)
  })
})

describe('nodes that are lost together', () => {
  it('are told at the first, and all of them two minutes later', () => {
    const notices = every(1_000, 20, (at, i) => lost(at, `pve${i}`))
    expect(play(ruleOf(), notices, HOUR)).toEqual(['0: pve0 is lost', '2: 19 more lost nodes on 19 nodes'])
  })
})

describe('a rule that tells each', () => {
  it('tells one a minute at most', () => {
    expect(
      play(
        ruleOf({ pace: 'each' }),
        every(10_000, 30, (at) => ban(at)),
        HOUR,
      ),
    ).toHaveLength(6)
  })
})

describe('a digest', () => {
  it('comes at the full hour, and only when there is something', () => {
    const notices = [ban(NOON + 10 * MINUTE), ban(NOON + 20 * MINUTE), lost(NOON + 130 * MINUTE, 'pve2')]
    expect(play(ruleOf({ pace: 'hourly' }), notices, 6 * HOUR)).toEqual([
      '50: Last hour: 2 bans',
      '170: Last hour: 1 lost node',
    ])
  })
  it('comes once a day at its time, on the clocks of its zone', () => {
    const notices = every(HOUR, 30, (at) => ban(at))
    expect(play(ruleOf({ pace: 'daily', dailyAt: '08:00' }), notices, 48 * HOUR)).toEqual([
      `${20 * 60}: Last day: 21 bans`,
      `${44 * 60}: Last day: 9 bans`,
    ])
  })
  it('has all sorts in one', () => {
    expect([familyOf({ pace: 'daily' }, 'ban'), familyOf({ pace: 'attack' }, 'ban')]).toEqual([
      'digest',
      'ban',
    ])
  })
})

describe('quiet hours', () => {
  const quiet = { from: '22:00', to: '07:00' }
  /** Half past ten at night in Berlin. */
  const NIGHT = NOON + 10.5 * HOUR
  it('hold everything back, and tell it together at their end', () => {
    const bans = every(30 * MINUTE, 10, (at) => ban(at), NIGHT)
    expect(play(ruleOf({ quiet }), bans, 12 * HOUR)).toEqual(['510: 10 bans on pve1'])
  })
  it('let through what is critical, unless told not to', () => {
    expect(play(ruleOf({ quiet }), [lost(NIGHT, 'pve1')], HOUR)).toEqual(['0: pve1 is lost'])
    expect(play(ruleOf({ quiet: { ...quiet, critical: false } }), [lost(NIGHT, 'pve1')], HOUR)).toEqual([])
  })
  it('also hold back the summary of what began before them', () => {
    const start = NOON + 9.9 * HOUR
    expect(
      play(
        ruleOf({ quiet }),
        every(MINUTE, 30, (at) => ban(at), start),
        12 * HOUR,
      ),
    ).toEqual(['0: sshd banned 192.0.2.1 on pve1 for 10m', '546: 29 more bans on pve1'])
  })
  it('hold a digest back too', () => {
    expect(play(ruleOf({ pace: 'hourly', quiet }), [ban(NIGHT)], 12 * HOUR)).toEqual([
      '510: Last hour: 1 ban',
    ])
  })
})

describe('a summary', () => {
  it('names where, who and when, and the sentences of what is rare', () => {
    const rule = ruleOf({ pace: 'hourly' })
    let group: Group | null = null
    for (const notice of [
      ban(NOON),
      ban(NOON + MINUTE),
      ban(NOON + MINUTE, '192.0.2.2', 'pve2'),
      { ...lost(NOON + 2 * MINUTE, 'pve3'), detail: 'Look there.' },
    ])
      group = taken(rule, group, notice, { now: notice.at, silence: null }).group
    const { send } = due(rule, group ?? { tally: null, dueAt: 0, step: 0 }, {
      now: NOON + HOUR,
      silence: null,
    })
    expect(send === null ? null : notificationOf(rule, send, false)).toMatchObject({
      topic: 'digest',
      severity: 'critical',
      title: 'Last hour: 3 bans, 1 lost node',
      count: 4,
      addresses: ['192.0.2.1', '192.0.2.2'],
      text: [
        '3 bans, 1 lost node.',
        'From 20 Nov, 12:00 to 20 Nov, 12:02 (Europe/Berlin).',
        'Jails: sshd (3).',
        'Nodes: pve1 (2), pve2, pve3.',
        'Addresses: 192.0.2.1 (2), 192.0.2.2.',
        'pve3 is lost. Look there.',
      ].join('\n'),
    })
  })
})
