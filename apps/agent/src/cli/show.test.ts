import type { Ban } from '@warder/core'
import type { JailStatus, NodeStatus } from '@warder/protocol'
import { describe, expect, it } from 'vitest'
import { agoOf, leftOf, printable, showBans, showJail, showStatus, table } from './show.ts'

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const settings = { enabled: true, maxretry: 5, findtime: 600, bantime: 3_600 }
const sshd: JailStatus = {
  name: 'sshd',
  filter: 'sshd',
  state: 'running',
  ports: 'tcp 22',
  sources: ['journal'],
  configured: settings,
  effective: { ...settings, maxretry: 3, bantime: -1 },
  activeBans: 1,
  lastMatchAt: NOW - 5 * MINUTE,
}
const report: NodeStatus = {
  at: NOW,
  agent: '0.1.0',
  startedAt: NOW - 90 * MINUTE,
  firewall: {
    backend: 'nftables',
    enforcing: true,
    reason: 'nftables 1.0.6 is installed and may be changed',
  },
  revision: 4,
  sources: [
    { id: 'journal', state: 'reading', lines: 10, matches: 2, lastLineAt: NOW - 1_000, lastMatchAt: null },
    { id: '/x', state: 'lost', reason: 'EACCES', lines: 0, matches: 0, lastLineAt: null, lastMatchAt: null },
  ],
  jails: [sshd, { ...sshd, name: 'web', state: 'disabled' }],
  activeBans: 3,
  outboxDepth: 2,
  lagMs: 4,
  rssBytes: 1,
}
const ban: Ban = {
  jail: 'sshd',
  ip: '192.0.2.1',
  at: NOW - MINUTE,
  until: NOW + 59 * MINUTE,
  origin: 'operator',
  by: 'alice',
}

describe('showing moments', () => {
  it.each([
    [null, 'never'],
    [NOW, '0s ago'],
    [NOW - 90 * MINUTE, '1h 30m ago'],
    [NOW - 1_000 * (86_400 * 3 + 3_600 + 61), '3d 1h ago'],
    [NOW + 5_000, '0s ago'],
  ])('%s → %s', (at, words) => {
    expect(agoOf(at, NOW)).toBe(words)
  })

  it.each([
    [null, 'for ever'],
    [NOW + 10 * MINUTE, '10m'],
  ])('%s → %s left', (until, words) => {
    expect(leftOf(until, NOW)).toBe(words)
  })
})

describe('showing a node', () => {
  const text = showStatus({ node: 'pve1', link: 'connected to wss://x for 1m', report }, NOW)
  it.each([
    'Node      pve1, agent 0.1.0, up 1h 30m',
    'Link      connected to wss://x for 1m',
    'Firewall  nftables: nftables 1.0.6 is installed and may be changed',
    'Bans      3 in force, 2 of them made by hand',
    'Settings  revision 4, 2 events wait for the server',
    'sshd  running  1     3         10m       for ever  5m ago',
    '(1 more are disabled)',
    'source /x is lost: EACCES',
  ])('says: %s', (line) => {
    expect(text.split('\n')).toContain(line)
  })

  it('says it when nothing is enforced', () => {
    const dry = {
      ...report,
      firewall: { backend: 'dry-run', enforcing: false, reason: 'nft is not installed' } as const,
    }
    expect(showStatus({ node: null, link: '', report: dry }, NOW)).toContain(
      'dry-run, NOT enforcing: nft is not installed',
    )
  })
})

describe('showing a jail', () => {
  it('shows what was tuned beside what is configured, its sources and its bans', () => {
    const lines = showJail(sshd, report.sources, [ban], NOW).split('\n')
    expect(lines).toContain('maxretry  3  (configured: 5)')
    expect(lines).toContain('findtime  10m')
    expect(lines).toContain('bantime   for ever  (configured: 1h)')
    expect(lines).toContain('journal  reading  10     2        1s ago')
    expect(lines.some((line) => line.startsWith('192.0.2.1  sshd  1m ago  59m'))).toBe(true)
  })
})

describe('showing text from elsewhere', () => {
  it('never lets it control the terminal', () => {
    expect(printable('a\u{1b}[31mb\u{202e}c\nd')).toBe('a\u{fffd}[31mb\u{fffd}c\u{fffd}d')
    const evil = showBans([{ ...ban, by: 'x\u{1b}]0;owned\u{7}' }], NOW)
    expect(evil).not.toMatch(/[\u{1b}\u{7}]/u)
  })

  it('keeps columns below each other', () => {
    expect(
      table([
        ['A', 'LONG'],
        ['longer', 'b'],
      ]),
    ).toBe('A       LONG\nlonger  b\n')
  })

  it('says that nobody is banned', () => {
    expect(showBans([], NOW)).toBe('Nobody is banned.\n')
  })
})

describe('what the firewall said itself', () => {
  const enforcement = {
    checkedAt: NOW - 2_000,
    comparedAt: NOW - 2_000,
    jails: [
      { jail: 'sshd', wanted: 3, enforced: 2, missing: ['192.0.2.9'], dropped: 1_234 },
      { jail: 'manual', wanted: 1, enforced: 1, missing: [], dropped: 6 },
    ],
  }
  it('is shown for the node and for each jail', () => {
    const text = showStatus({ node: 'pve1', link: 'x', report: { ...report, enforcement } }, NOW)
    expect(text).toContain('Enforced  3 of 4 (read back 2s ago), 1240 packets dropped; missing: 192.0.2.9\n')
    expect(text).toMatch(/^JAIL +STATE +BANS +ENFORCED +DROPPED +MAXRETRY/m)
    expect(text).toMatch(/^sshd +running +1 +2 of 3 +1234 +3 /m)
  })

  it('is left out until it was asked', () => {
    const text = showStatus({ node: 'pve1', link: 'x', report }, NOW)
    expect(text).not.toContain('Enforced')
    expect(text).toMatch(/^JAIL +STATE +BANS +MAXRETRY/m)
  })

  it('names what a jail does with neighbours', () => {
    expect(showJail({ ...sshd, ipv6prefix: 64, aggregate: 5 }, [], [], NOW)).toMatch(
      /ipv6prefix 64\naggregate 5\n/,
    )
  })
})
