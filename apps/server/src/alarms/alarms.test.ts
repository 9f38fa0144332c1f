import type { NodeStatus } from '@warder/protocol'
import { describe, expect, it } from 'vitest'
import { LabNode } from '../lab/agent.ts'
import { NOON } from '../lab/server.ts'
import { turnsOfAlarms } from '../notifications/troubles.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../timeline/buckets.ts'
import { alarmsOf, deepSinceOf, roughly, type AlarmFacts } from './alarms.ts'
import { silenceOf } from './silence.ts'

const status = (over: Partial<NodeStatus> = {}) => new LabNode('pve1').status(NOON, over)
const facts = (over: Partial<AlarmFacts> = {}): AlarmFacts => ({
  node: 'pve1',
  status: status(),
  receivedAt: NOON,
  version: '0.1.0',
  deepSince: null,
  silences: [],
  ...over,
})
const figures = { lines: 1, matches: 0, queued: 0, diskFreeBytes: 1_000_000_000 }

describe('alarms', () => {
  it.each<[string, Partial<AlarmFacts>, readonly string[]]>([
    ['all is well', {}, []],
    ['30 s are no skew', { status: status({ at: NOON - 30_000 }) }, []],
    [
      'a clock behind',
      { status: status({ at: NOON - 90_000 }) },
      ["The clock of pve1 is 90 seconds behind the server's"],
    ],
    [
      'a clock ahead',
      { status: status({ at: NOON + 3 * HOUR_MS }) },
      ["The clock of pve1 is 3 hours ahead of the server's"],
    ],
    ['another version', { version: '0.2.0' }, ['pve1 runs Warder 0.1.0, the server 0.2.0']],
    [
      'an outbox that was just filled',
      { status: status({ outboxDepth: 900 }), deepSince: { at: NOON, depth: 900 } },
      [],
    ],
    [
      'one that gets empty',
      { status: status({ outboxDepth: 600 }), deepSince: { at: NOON - MINUTE_MS, depth: 900 } },
      [],
    ],
    [
      'one that does not',
      { status: status({ outboxDepth: 950 }), deepSince: { at: NOON - MINUTE_MS, depth: 900 } },
      ['pve1 has 950 events waiting, and it does not get fewer'],
    ],
    ['room on the disk', { status: status({ figures }) }, []],
    [
      'none',
      { status: status({ figures: { ...figures, diskFreeBytes: 12_345_678 } }) },
      ['pve1 has 12 MB left where the agent keeps its state'],
    ],
    [
      'a silent jail',
      { silences: [{ jail: 'sshd', since: NOON - 2 * DAY_MS, usualMs: 8 * HOUR_MS }] },
      ['The jail sshd has been silent on pve1 for 2 days'],
    ],
  ])('%s', (_name, over, titles) => {
    expect(alarmsOf(facts(over)).map(({ title }) => title)).toEqual(titles)
  })

  it('know since when an outbox is deep', () => {
    expect(deepSinceOf(null, NOON, 500)).toBeNull()
    expect(deepSinceOf(null, NOON, 501)).toEqual({ at: NOON, depth: 501 })
    expect(deepSinceOf({ at: 1, depth: 600 }, NOON, 700)).toEqual({ at: 1, depth: 600 })
    expect(deepSinceOf({ at: 1, depth: 600 }, NOON, 3)).toBeNull()
  })

  it.each([
    [1_000, '1 second'],
    [119_000, '119 seconds'],
    [120_000, '2 minutes'],
    [2 * HOUR_MS, '2 hours'],
    [2 * DAY_MS, '2 days'],
  ])('say %d ms as %s', (ms, words) => expect(roughly(ms)).toBe(words))
})

describe('the silence of a jail', () => {
  const start = NOON - 12 * HOUR_MS - 10 * DAY_MS
  const every = (hours: number, count: number) =>
    Array.from({ length: count }, (_, i) => start + i * hours * HOUR_MS)
  const after = (list: readonly number[], hours: number) => (list.at(-1) ?? 0) + (hours + 1) * HOUR_MS
  it.each([
    ['no past', [], 100, null],
    ['too little past', every(4, 23), 100, null],
    ['too short a past', every(1, 48), 100, null],
    ['a busy jail, five hours', every(1, 100), 5, null],
    ['a busy jail, seven hours', every(1, 100), 7, HOUR_MS],
    ['one of every eight hours, fifteen', every(8, 30), 15, null],
    ['one of every eight hours, seventeen', every(8, 30), 17, 8 * HOUR_MS],
  ])('%s: case %#', (_name, hours, silentFor, usualMs) => {
    const silence = silenceOf('sshd', hours, after(hours, silentFor))
    expect(silence?.usualMs ?? null).toBe(usualMs)
  })
})

describe('alarms that begin and end', () => {
  const alarm = { kind: 'jail-silent' as const, jail: 'sshd', title: 'quiet', detail: 'look' }
  const turns = (alarms: readonly (typeof alarm)[], known: readonly string[]) =>
    turnsOfAlarms({ id: 3, name: 'pve1' }, alarms, {
      known: new Map(known.map((key) => [key, 1])),
      now: NOON,
    })
  it('are told once at each end', () => {
    expect(turns([alarm], [])).toMatchObject([
      { key: '3/alarm/jail-silent/sshd', begins: true, notice: { topic: 'jail-silent', jail: 'sshd' } },
    ])
    expect(turns([alarm], ['3/alarm/jail-silent/sshd', '3/lost', '33/alarm/disk-low/'])).toEqual([])
    expect(turns([], ['3/alarm/jail-silent/sshd'])).toMatchObject([
      { begins: false, notice: { topic: 'alarm-over', title: 'pve1: the silence of a jail is over' } },
    ])
  })
})
