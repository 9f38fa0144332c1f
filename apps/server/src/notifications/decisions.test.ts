import type { NodeEvent } from '@warder/core'
import { ruleBody, TOPICS, type RuleBody } from '@warder/protocol/api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { banned, LabNode } from '../lab/agent.ts'
import { concerns, toldOf, type Rule } from './match.ts'
import { plain, type Notice } from './notice.ts'
import { noticeOf } from './of-event.ts'
import { quietUntil } from './quiet.ts'
import { nextTry, TRIES } from './retry.ts'
import { LOST_AFTER_MS, turnsOfPresence, turnsOfStatus } from './troubles.ts'
import { minuteOfDay, nextAt } from './zone.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOON = Date.UTC(2026, 10, 20, 12)
const ruleOf = (over: Partial<RuleBody> = {}, id = 1): Rule => ({
  id,
  ...ruleBody.parse({ channels: [1], ...over }),
})
const notice = (over: Partial<Notice> = {}): Notice => ({
  topic: 'ban',
  at: NOON,
  node: 'pve1',
  jail: 'sshd',
  ip: '192.0.2.1',
  title: 'x',
  detail: null,
  ...over,
})
const lost = notice({ topic: 'node-lost', jail: null, ip: null })

describe('a rule', () => {
  it.each([
    [{}, notice(), true],
    [{}, lost, true],
    [{ enabled: false }, notice(), false],
    [{ topics: ['ban'] }, notice(), true],
    [{ topics: ['node-lost'] }, notice(), false],
    [{ severity: 'warning' }, notice(), false],
    [{ severity: 'critical' }, lost, true],
    [{ jails: ['sshd'] }, notice(), true],
    [{ jails: ['proxmox'] }, notice(), false],
    [{ jails: ['sshd'] }, lost, false],
    [{ nodes: ['pve1'] }, lost, true],
    [{ nodes: ['pve2'] }, lost, false],
    [{ nodes: ['pve1'] }, notice({ node: null }), false],
  ] as const)('with %j about a notice: case %#', (over, about, is) => {
    expect(concerns(ruleOf(over as Partial<RuleBody>), about)).toBe(is)
  })

  it('tells a channel once, however many rules are about it; a digest beside it', () => {
    const rules = [
      ruleOf({ channels: [1, 2] }, 1),
      ruleOf({ channels: [2, 3], pace: 'each' }, 2),
      ruleOf({ channels: [1], pace: 'daily' }, 3),
      ruleOf({ channels: [1], pace: 'hourly' }, 4),
    ]
    expect(toldOf(rules, notice()).map(({ rule, channelId }) => [rule.id, channelId])).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
      [3, 1],
    ])
  })
})

describe('quiet hours', () => {
  const at = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`)
  it.each([
    ['22:00', '07:00', 'UTC', '21:59', null],
    ['22:00', '07:00', 'UTC', '22:00', 9 * HOUR],
    ['22:00', '07:00', 'UTC', '06:59', MINUTE],
    ['22:00', '07:00', 'UTC', '07:00', null],
    ['12:00', '13:30', 'UTC', '13:00', 30 * MINUTE],
    ['22:00', '07:00', 'Europe/Berlin', '21:30', 8.5 * HOUR],
    ['22:00', '07:00', 'Asia/Kolkata', '17:00', 8.5 * HOUR],
    ['22:00', '07:00', 'America/New_York', '02:00', null],
  ] as const)('%s to %s in %s, at %s UTC', (from, to, zone, now, left) => {
    const { quiet } = ruleOf({ quiet: { from, to } })
    expect(quietUntil({ quiet, zone }, at(now))).toBe(left === null ? null : at(now) + left)
  })
})

describe('the next time on a clock', () => {
  it.each([
    ['the night summer time begins: 07:00', 7 * 60, '2026-03-28T22:00:00Z', '2026-03-29T05:00:00Z'],
    ['the night it ends', 7 * 60, '2026-10-24T21:00:00Z', '2026-10-25T06:00:00Z'],
    ['a time that is jumped over', 2 * 60 + 30, '2026-03-28T22:00:00Z', '2026-03-29T01:30:00Z'],
    ['now is not next', 13 * 60, '2026-11-20T12:00:00Z', '2026-11-21T12:00:00Z'],
  ])('%s', (_name, minute, after, next) => {
    expect(new Date(nextAt(minute, Date.parse(after), 'Europe/Berlin')).toISOString()).toBe(
      new Date(next).toISOString(),
    )
  })
  it('is ahead, a day and an hour at most, and what was asked for unless it is jumped over', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_439 }),
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
        (minute, after, zone) => {
          const next = nextAt(minute, after, zone)
          const late = (minuteOfDay(next, zone) - minute + 1_440) % 1_440
          return next > after && next - after <= 26 * HOUR && late <= 60
        },
      ),
    )
  })
})

describe('an event', () => {
  const of = (event: NodeEvent) => noticeOf('pve1', NOON, event)
  it('of a ban is told with its numbers and without what the attacker wrote', () => {
    const event = banned('192.0.2.1', NOON)
    if (event.kind === 'ban.added' && event.ban.ticket)
      Object.assign(event.ban.ticket, { users: ['http://evil.example @everyone'] })
    expect(of(event)).toEqual({
      topic: 'ban',
      at: NOON,
      node: 'pve1',
      jail: 'sshd',
      ip: '192.0.2.1',
      title: 'sshd banned 192.0.2.1 on pve1 for 10m',
      detail: '5 failed logins within 60 seconds (limit 5 in 10 minutes).',
    })
    expect(of(banned('192.0.2.1', NOON, { until: null }))?.title).toContain('for ever')
  })
  it.each([
    [{ kind: 'ban.refused', jail: 'sshd', ip: '10.0.0.1', reason: 'ignoreip' }, 'ban-refused'],
    [{ kind: 'firewall.failed', reason: 'nft: no\nroom' }, 'firewall-failed'],
    [{ kind: 'firewall.drifted', missing: 2, foreign: 0 }, 'firewall-drifted'],
    [{ kind: 'source.lost', source: '/var/log/auth.log', reason: 'gone' }, 'source-lost'],
    [{ kind: 'source.regained', source: '/var/log/auth.log' }, 'source-regained'],
    [{ kind: 'settings.refused', revision: 3, reason: 'no' }, 'settings-refused'],
    [{ kind: 'outbox.gapped', lost: 9 }, 'events-lost'],
    [{ kind: 'ban.refused', jail: 'sshd', ip: '10.0.0.1', reason: 'jail-unknown' }, null],
    [{ kind: 'ban.expired', jail: 'sshd', ip: '10.0.0.1' }, null],
    [
      { kind: 'ban.added', ban: { jail: 'all', ip: '192.0.2.1', at: NOON, until: null, origin: 'operator' } },
      null,
    ],
    [{ kind: 'jail.stopped', jail: 'sshd', reason: 'turned off' }, null],
  ] as const)('%j is told as %s', (event, topic) => {
    expect(of(event)?.topic ?? null).toBe(topic)
  })
  it('gives text in one line without characters that do something', () => {
    expect(plain('a\r\nb\u202ec\u0000 ')).toBe('a b c')
    expect(plain('x'.repeat(500))).toHaveLength(300)
  })
})

describe('a node that is away', () => {
  const node = { id: 7, name: 'pve1', online: false, lastSeenAt: NOON }
  const at = (now: number, over: Partial<typeof node> = {}, known = new Map<string, number>(), since = 0) =>
    turnsOfPresence([{ ...node, ...over }], known, { now, since }).map(({ key, begins, notice: told }) => [
      key,
      begins,
      told?.title,
    ])
  const known = new Map([['7/lost', NOON]])
  it.each([
    ['shortly', at(NOON + LOST_AFTER_MS - 1), []],
    ['for long', at(NOON + LOST_AFTER_MS), [['7/lost', true, 'pve1 is lost']]],
    ['and was told', at(NOON + HOUR, {}, known), []],
    ['and back', at(NOON + HOUR, { online: true }, known), [['7/lost', false, 'pve1 is back']]],
    ['when the server has just started', at(NOON + HOUR, {}, new Map(), NOON + HOUR - 1), []],
    [
      'since ever',
      turnsOfPresence([{ ...node, lastSeenAt: null }], new Map(), { now: NOON + HOUR, since: 0 }),
      [],
    ],
  ])('%s', (_name, turns, expected) => {
    expect(turns).toEqual(expected)
  })
})

describe('a jail', () => {
  const report = (state: 'running' | 'failed' | 'paused' | 'disabled') => {
    const status = new LabNode('pve1').status(NOON)
    return { ...status, jails: status.jails.map((jail) => ({ ...jail, state, reason: 'why' })) }
  }
  const turns = (state: Parameters<typeof report>[0], known: readonly string[]) =>
    turnsOfStatus({ id: 7, name: 'pve1' }, report(state), {
      known: new Map(known.map((key) => [key, NOON])),
      now: NOON,
    }).map(({ key, begins, notice: told }) => [key, begins, told?.topic ?? null])
  it.each([
    ['running', [], []],
    ['failed', [], [['7/jail/failed/sshd', true, 'jail-failed']]],
    ['failed', ['7/jail/failed/sshd'], []],
    ['running', ['7/jail/failed/sshd'], [['7/jail/failed/sshd', false, 'jail-back']]],
    ['disabled', ['7/jail/failed/sshd'], [['7/jail/failed/sshd', false, null]]],
    [
      'paused',
      ['7/jail/failed/sshd'],
      [
        ['7/jail/paused/sshd', true, 'jail-paused'],
        ['7/jail/failed/sshd', false, null],
      ],
    ],
    ['running', ['8/jail/failed/sshd', '7/lost'], []],
  ] as const)('that is %s where %j was known', (state, known, expected) => {
    expect(turns(state, known)).toEqual(expected)
  })
})

describe('another try', () => {
  const failed = { ok: false, final: false, message: 'm', remedy: 'r' } as const
  const wait = (tries: number, random: number, over = {}) => {
    const at = nextTry(tries, { ...failed, ...over }, { now: NOON, random })
    return at === null ? null : (at - NOON) / 1000
  }
  it.each([
    [wait(1, 0), 15],
    [wait(1, 1), 30],
    [wait(4, 1), 240],
    [wait(9, 1), 3_600],
    [wait(TRIES, 1), null],
    [wait(1, 0, { final: true }), null],
    [wait(1, 0, { waitMs: 90_000 }), 90],
    [wait(1, 0, { waitMs: 9e12 }), 3_600],
  ])('case %#: %s s', (is, expected) => {
    expect(is).toBe(expected)
  })
})

it('every topic has a severity and a sentence', () => {
  for (const [severity, meaning] of Object.values(TOPICS)) {
    expect(['info', 'warning', 'critical']).toContain(severity)
    expect(meaning).toMatch(/^[A-Z].*[^.]$/)
  }
})
