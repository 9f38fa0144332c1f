import type { NodeEvent } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { browserOf } from './browser.ts'
import { readTarget } from './address.ts'
import { actionSaid, differencesOf } from './audit.ts'
import { formatBytes, formatCount, formatNames, formatPace, formatShort } from './count.ts'
import { formatAgo, formatMoment } from './date.ts'
import { formatLasted, formatLeft, formatWait, readSpan, shareLeft } from './duration.ts'
import { eventText, eventWords } from './event.ts'
import { plain } from '../language/t.ts'
import { strengthOf } from './password.ts'
import { longPlace, shortPlace } from './place.ts'
import { sentence } from './words.ts'

const NOW = new Date(2026, 10, 20, 14, 3, 22).getTime()
const S = 1_000
const H = 3_600 * S

describe('counts', () => {
  it('are grouped, shortened and named', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567')
    expect(formatShort(9_999)).toBe('9,999')
    expect(formatShort(123_456)).toBe('123.5k')
  })

  it.each([
    [0, '0 B'],
    [1_023, '1,023 B'],
    [1_536, '1.5 KB'],
    [58_000_000, '55 MB'],
    [3_221_225_472, '3.0 GB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it.each([
    [0, '0'],
    [0.02, '< 0.1'],
    [0.44, '0.4'],
    [9.96, '10.0'],
    [12.3, '12'],
    [1_234.5, '1,235'],
  ])('%f a second is %s', (pace, text) => expect(formatPace(pace)).toBe(text))

  it.each([
    [[], ''],
    [['pve1'], 'pve1'],
    [['pve1', 'pve2'], 'pve1 and pve2'],
    [['a', 'b', 'c', 'd'], 'a, b, c and d'],
    [['a', 'b', 'c', 'd', 'e', 'f'], 'a, b, c and 3 more'],
  ])('names %j are %s', (names, text) => expect(formatNames(names)).toBe(text))
})

describe('times', () => {
  it.each([
    [0, 'just now'],
    [-3 * S, 'just now'],
    [40 * S, '40s ago'],
    [3 * 60 * S + 59 * S, '3m ago'],
    [2 * H, '2h ago'],
    [47 * H, '47h ago'],
    [5 * 24 * H, '5d ago'],
  ])('%i ms back is %s', (age, text) => expect(formatAgo(NOW - age, NOW)).toBe(text))

  it('are as short as they stay clear', () => {
    expect(formatMoment(NOW - H, NOW)).toBe('13:03')
    expect(formatMoment(NOW - 48 * H, NOW)).toBe('18 Nov 14:03')
    expect(formatMoment(new Date(2025, 2, 1).getTime(), NOW)).toBe('1 Mar 2025')
  })

  it.each([
    [null, 'for ever'],
    [0, '0s'],
    [42 * S, '42s'],
    [9 * 60 * S + 5 * S, '9m 05s'],
    [H + 4 * 60 * S, '1h 04m'],
    [51 * H, '2d 3h'],
  ])('%s ms left is %s', (left, text) =>
    expect(formatLeft(left === null ? null : NOW + left, NOW)).toBe(text),
  )

  it('tell how much of a ban is still to come', () => {
    expect(shareLeft(0, 100, 25)).toBe(0.75)
    expect(shareLeft(0, 100, 200)).toBe(0)
    expect(shareLeft(0, null, 200)).toBe(1)
    expect(shareLeft(100, 100, 50)).toBe(0)
  })

  it('tell how long something took', () => {
    expect(formatLasted(0)).toBe('under 1s')
    expect(formatLasted(457 * S)).toBe('7m 37s')
    expect(formatWait(3)).toBe('3 ms')
    expect(formatWait(1_400)).toBe('1.4 s')
    expect(formatWait(125_000)).toBe('2m 5s')
  })
})

describe('durations that are typed', () => {
  it.each([
    ['10m', 600],
    [' 1h 30m ', 5_400],
    ['90', 90],
    ['1w', 604_800],
    ['for ever', -1],
    ['forever', -1],
    ['-1', -1],
  ])('%s is %i seconds', (text, seconds) =>
    expect(readSpan(text, 'bantime')).toMatchObject({ ok: true, seconds }),
  )

  it.each([
    ['', 'bantime', /Write it like/],
    ['soon', 'bantime', /not a duration/],
    ['0', 'bantime', /At least/],
    ['99y', 'bantime', /At most/],
    ['for ever', 'findtime', /needs an end/],
  ] as const)('%j as %s is refused in words', (text, setting, words) => {
    const read = readSpan(text, setting)
    expect(read.ok).toBe(false)
    expect(read.words).toMatch(words)
  })
})

describe('addresses that are typed', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9', 'One address, 203.0.113.9'],
    [' 203.0.113.9/24', '203.0.113.0/24', '203.0.113.0/24, 256 addresses'],
    ['2001:DB8::1', '2001:db8::1', 'One address, 2001:db8::1'],
    ['2001:db8::/64', '2001:db8::/64', '2001:db8::/64, 2^64 addresses'],
  ])('%s is taken for %s', (text, target, words) =>
    expect(readTarget(text)).toEqual({ ok: true, target, words }),
  )

  it.each([[''], ['203.0.113'], ['example.org'], ['203.0.113.9/33']])('%j is refused in words', (text) => {
    expect(readTarget(text).ok).toBe(false)
  })
})

describe('passwords', () => {
  it.each([
    ['short', 0],
    ['password12', 1],
    ['ada-lovelace-1815', 1],
    ['aaaaaaaaaaaaaaa', 1],
    ['tulip-grave', 2],
    ['tulip-grave-9-Nimbus', 3],
    ['correct horse battery staple', 3],
  ])('%s has strength %i', (password, level) => expect(strengthOf(password, 'lovelace').level).toBe(level))

  it('says how much is missing', () => {
    expect(strengthOf('ninechars', '').hint).toBe('1 more character needed.')
  })
})

describe('events in words', () => {
  const ban = {
    jail: 'sshd',
    ip: '203.0.113.9',
    at: 0,
    until: 3_600_000,
    origin: 'operator',
    by: 'ada',
  } as const
  const failure: NodeEvent = {
    kind: 'failure.found',
    jail: 'sshd',
    ip: '203.0.113.9',
    failedAt: 0,
    user: 'root',
    line: 'x',
  }

  it.each<[NodeEvent, string]>([
    [failure, 'Failed login as root from 203.0.113.9'],
    [{ kind: 'ban.added', ban }, '203.0.113.9 banned by ada for 1h'],
    [{ kind: 'ban.added', ban: { ...ban, until: null } }, '203.0.113.9 banned by ada for ever'],
    [{ kind: 'ban.lifted', jail: 'sshd', ip: '203.0.113.9', by: 'ada' }, '203.0.113.9 unbanned by ada'],
    [{ kind: 'ban.expired', jail: 'sshd', ip: '203.0.113.9' }, 'Ban of 203.0.113.9 is over'],
    [
      { kind: 'ban.refused', jail: 'sshd', ip: '10.0.0.1', reason: 'private-network' },
      '10.0.0.1 was not banned: it is in a private network',
    ],
    [{ kind: 'settings.applied', revision: 7 }, 'Settings applied, revision 7'],
    [{ kind: 'outbox.gapped', lost: 1 }, '1 event lost: the outbox was full'],
    [
      {
        kind: 'jail.started',
        jail: 'sshd',
        settings: { enabled: true, maxretry: 5, findtime: 600, bantime: -1 },
      },
      'Jail sshd started: 5 in 10m, ban for ever',
    ],
  ])('%j', (event, words) => expect(eventText(eventWords(event))).toBe(words))

  it('tell several failures as one', () => {
    expect(eventText(eventWords(failure, { count: 3, addresses: 1 }))).toBe(
      '3 failed logins from 203.0.113.9',
    )
    expect(eventText(eventWords(failure, { count: 90, addresses: 12 }))).toBe(
      '90 failed logins from 12 addresses',
    )
  })

  it('do without the address where it is clear', () => {
    expect(eventWords(failure).short).toBe('Failed login as root')
    expect(eventWords({ kind: 'ban.expired', jail: 'sshd', ip: '203.0.113.9' }).short).toBe('Ban is over')
    expect(eventWords({ kind: 'ban.added', ban }).short).toBe('Banned by ada for 1h')
    expect(
      eventWords({ kind: 'failure.ignored', jail: 'a', ip: '10.0.0.1', reason: 'ignoreip', line: '' }).short,
    ).toBe('Not counted: ignoreip names it')
  })
})

describe('the audit', () => {
  it('lists what differs, field by field', () => {
    expect(
      differencesOf(
        { revision: 3, maxretry: 5, same: 1 },
        { revision: 4, maxretry: null, same: 1, list: [1, 'b'] },
      ),
    ).toEqual([
      { field: 'list', before: '', after: '1, b' },
      { field: 'maxretry', before: '5', after: '' },
      { field: 'revision', before: '3', after: '4' },
    ])
    expect(differencesOf(null, { sshd: { bantime: 172_800 }, bantime: -1 }).map((one) => one.after)).toEqual([
      'for ever',
      '2d',
    ])
    expect(differencesOf(null, null)).toEqual([])
    expect(differencesOf('a', 'b')).toEqual([{ field: '', before: 'a', after: 'b' }])
  })

  it('has words for what is done, and shows what it has no words for', () => {
    expect(actionSaid('ban.lift', '203.0.113.9').text).toBe('unbanned {target}')
    expect(plain(actionSaid('session.open', 'ada'))).toBe('signed in')
    expect(plain(actionSaid('new.thing', ''))).toBe('new.thing')
  })
})

describe('sentences', () => {
  it.each([
    ['banned by ada', 'Banned by ada.'],
    ['Done.', 'Done.'],
  ])('%s → %s', (text, words) => expect(sentence(text)).toBe(words))
})

describe('browsers', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    ['curl/8.14.1', 'curl'],
    ['<script>', 'A program'],
    ['', 'Unknown'],
  ])('%j is %s', (agent, words) => expect(browserOf(agent)).toBe(words))
})

describe('places', () => {
  it.each([
    [{ country: 'DE', asn: 64500, network: 'Example' }, 'DE, Example', 'Germany, Example (AS64500)'],
    [{ country: 'NL', asn: null, network: null }, 'NL', 'Netherlands'],
    [{ country: '', asn: 64501, network: null }, 'AS64501', 'AS64501'],
    [{ country: 'ZZ', asn: null, network: 'Example' }, 'ZZ, Example', 'Unknown Region, Example'],
    [{ country: '', asn: null, network: null }, '', ''],
  ])('%j is %s, in full %s', (place, short, long) => {
    expect(shortPlace(place)).toBe(short)
    expect(longPlace(place)).toBe(long)
  })
})
