import type { RuleView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { ruleSentence, topicWords } from './rule.ts'

const rule: RuleView = {
  id: 1,
  enabled: true,
  topics: [],
  severity: 'info',
  jails: [],
  nodes: [],
  channels: [1],
  pace: 'attack',
  dailyAt: '08:00',
  quiet: null,
  zone: 'UTC',
}
const NAMES = ['', 'phone', 'mail', 'chat']

describe('a rule', () => {
  it.each([
    [
      { topics: ['ban'], jails: ['sshd'], quiet: { from: '22:00', to: '07:00', critical: false } },
      'When sshd bans on any node, tell phone: one message per attack, quiet from 22:00 to 07:00.',
    ],
    [{}, 'When anything happens, tell phone: one message per attack.'],
    [
      { severity: 'warning', channels: [1, 2, 3], quiet: { from: '22:00', to: '07:00', critical: true } },
      'When something needs attention, tell phone, mail and chat: the first at once, more of it together, quiet from 22:00 to 07:00 but for what is critical.',
    ],
    [
      { topics: ['node-lost', 'firewall-failed'], nodes: ['pve1', 'pve2'], pace: 'each' },
      'When a node is lost or a firewall fails on pve1 or pve2, tell phone: at once, one message a minute at most.',
    ],
    [
      { topics: ['jail-failed'], jails: ['sshd'], pace: 'daily', dailyAt: '07:30' },
      'When a jail cannot run in sshd, tell phone: together every day at 07:30.',
    ],
    [
      { severity: 'critical', channels: [] },
      'When something critical happens, tell nobody: the first at once, more of it together.',
    ],
    [{ topics: ['ban'], pace: 'hourly' }, 'When a jail bans on any node, tell phone: together every hour.'],
  ] as const)('%j is said as: %s', (over, sentence) => {
    expect(ruleSentence({ ...rule, ...(over as Partial<RuleView>) }, (id) => NAMES[id] ?? '')).toBe(sentence)
  })
  it('names topics that are newer than this page', () => {
    expect(topicWords('moon-landed')).toBe('Moon landed')
  })
})
