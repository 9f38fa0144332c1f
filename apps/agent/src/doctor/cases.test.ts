import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DoctorFinding, HardeningFinding, NodeStatus } from '@warder/protocol'
import { describe, expect, it } from 'vitest'
import { casesOf, type CaseFacts } from './cases.ts'

const NOW = Date.UTC(2026, 10, 28, 12)
const DAY = 86_400_000
const settings = { enabled: true, maxretry: 5, findtime: 600, bantime: 600 }
const jail = (name: string, state: 'running' | 'failed' | 'paused' | 'disabled' = 'running') => ({
  name,
  filter: name,
  state,
  ports: 'tcp 22',
  sources: ['journal'],
  configured: settings,
  effective: settings,
  activeBans: 0,
  lastMatchAt: null,
})
const source = (id: string, state: 'reading' | 'waiting' | 'lost', lastLineAt: number | null = NOW) => ({
  ...{ id, state, lines: 1, matches: 0, lastLineAt, lastMatchAt: null },
})
const status = (more: Partial<NodeStatus> = {}): NodeStatus => ({
  at: NOW,
  agent: '0.1.0',
  startedAt: NOW - 2 * DAY,
  firewall: { backend: 'nftables', enforcing: true, reason: 'works' },
  revision: 1,
  sources: [source('journal', 'reading')],
  jails: [jail('sshd')],
  activeBans: 0,
  outboxDepth: 0,
  lagMs: 0,
  rssBytes: 1,
  ...more,
})
const hardening = (id: string, state: HardeningFinding['state']): HardeningFinding => ({
  ...{
    id,
    state,
    severity: 'high',
    title: id,
    cause: `${id} cause.`,
    effect: 'effect.',
    fix: null,
    undo: null,
  },
  byHand: ['apt update'],
})
const ban = (ip: string, origin: 'detected' | 'list' = 'detected') => ({
  jail: 'sshd',
  ip,
  at: NOW,
  until: null,
  origin,
})
const facts = (more: Partial<CaseFacts> = {}): CaseFacts => ({
  now: NOW,
  status: status(),
  jails: [],
  bans: [],
  hardening: [],
  isAnybodyNamed: true,
  sshTries: 6,
  ...more,
})

const found = (of: CaseFacts): readonly string[] =>
  casesOf(of).flatMap(({ id, state, severity }: DoctorFinding) =>
    state === 'found' ? [`${id} ${severity}`] : [],
  )

const dead = { jail: 'sshd', source: 'journal', verdict: 'broken' as const, ip: null, line: null, hops: [] }

const unread = {
  ...dead,
  hops: [
    { hop: 'write' as const, state: 'ok' as const, ms: 1, said: '' },
    { hop: 'read' as const, state: 'broken' as const, ms: null, said: '' },
  ],
}

describe('the known troubles', () => {
  it('are all looked for, and none is there where all is well', () => {
    expect(casesOf(facts()).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'it-never-bans fine',
      'i-locked-myself-out fine',
      'the-log-stays-empty fine',
      'the-installation-fails fine',
      'ssh-locks-me-out fine',
    ])
  })

  it.each([
    [
      'nothing enforces',
      facts({ status: status({ firewall: { backend: 'nftables', enforcing: false, reason: 'x' } }) }),
      ['it-never-bans broken'],
    ],
    [
      'there is no firewall',
      facts({ status: status({ firewall: { backend: 'dry-run', enforcing: false, reason: 'no nft' } }) }),
      ['it-never-bans broken', 'the-installation-fails broken'],
    ],
    [
      'there is a panic',
      facts({ status: status({ suspended: { since: NOW, until: NOW + 1, by: 'ada', source: 'node' } }) }),
      ['it-never-bans warning'],
    ],
    [
      'no jail runs',
      facts({ status: status({ jails: [jail('sshd', 'disabled')] }) }),
      ['it-never-bans broken'],
    ],
    [
      'a jail failed',
      facts({ status: status({ jails: [jail('sshd'), jail('x', 'failed')] }) }),
      ['it-never-bans broken'],
    ],
    ['a marked line got lost', facts({ jails: [dead] }), ['it-never-bans broken']],
    ['nobody is named', facts({ isAnybodyNamed: false }), ['i-locked-myself-out warning']],
    ['a private address is banned', facts({ bans: [ban('192.168.1.7')] }), ['i-locked-myself-out warning']],
    ['one is banned by a list', facts({ bans: [ban('10.0.0.0/8', 'list'), ban('203.0.113.4')] }), []],
    [
      'a source is lost',
      facts({ status: status({ sources: [source('journal', 'lost')] }) }),
      ['the-log-stays-empty broken'],
    ],
    [
      'nothing was written for a day',
      facts({ status: status({ sources: [source('journal', 'reading', NOW - DAY)] }) }),
      ['the-log-stays-empty warning'],
    ],
    [
      'the agent has only begun',
      facts({ status: status({ startedAt: NOW, sources: [source('journal', 'reading', null)] }) }),
      [],
    ],
    [
      'a log is missing',
      facts({ status: status({ sources: [source('journal', 'waiting')] }) }),
      ['the-log-stays-empty warning'],
    ],
    [
      'a log is missing that no jail misses',
      facts({ status: status({ sources: [source('/var/log/x', 'waiting')] }) }),
      [],
    ],
    [
      'journald drops logins',
      facts({ hardening: [hardening('journald-level', 'found')] }),
      ['the-log-stays-empty broken'],
    ],
    [
      'a marked line does not come back',
      facts({ jails: [unread] }),
      ['it-never-bans broken', 'the-log-stays-empty broken'],
    ],
    [
      'a marked line does not come back, and nothing is stored',
      facts({ jails: [unread], hardening: [hardening('journald-storage', 'found')] }),
      ['it-never-bans broken', 'the-log-stays-empty broken'],
    ],
    [
      'the journal is kept in memory only, and is read',
      facts({ hardening: [hardening('journald-storage', 'found')] }),
      [],
    ],
    [
      'apt has no Debian',
      facts({ hardening: [hardening('debian-repository', 'found')] }),
      ['the-installation-fails warning'],
    ],
    ['sshd takes few tries', facts({ sshTries: 2 }), ['ssh-locks-me-out warning']],
    [
      'sshd takes three by us',
      facts({ sshTries: 3, hardening: [hardening('sshd-tries', 'applied')] }),
      ['ssh-locks-me-out warning'],
    ],
    ['sshd takes three by its owner', facts({ sshTries: 3 }), []],
  ])('%s', (_, of, wanted) => expect(found(of)).toEqual(wanted))

  it('each have a chapter of their own in the page of troubles', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../../docs/operate/troubleshoot.md'), 'utf8')
    const chapters = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 ]/g, '')
        .replaceAll(' ', '-'),
    )
    for (const { id } of casesOf(facts())) expect(chapters).toContain(id)
  })

  it('say what journald is to do where it stores nothing', () => {
    const of = facts({ jails: [unread], hardening: [hardening('journald-storage', 'found')] })
    expect(casesOf(of).find(({ id }) => id === 'the-log-stays-empty')).toMatchObject({
      cause: 'journald-storage cause. effect.',
      remedy: 'warder harden apply journald-storage',
    })
  })

  it('say what to do', () => {
    const all = casesOf(facts({ isAnybodyNamed: false, jails: [dead], sshTries: 1 }))
    for (const { state, remedy } of all) expect(remedy !== '').toBe(state === 'found')
  })
})
