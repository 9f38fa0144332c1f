import type { JournalMatch } from '@warder/core'
import { describe, expect, it } from 'vitest'
import {
  alternativesOf,
  asWhom,
  processOf,
  servicesIn,
  type Author,
  type Here,
  type UnitSeen,
  type Writable,
} from './author.ts'

const unit = (id: string, more: Partial<UnitSeen> = {}): UnitSeen => ({
  ...{ id, isThere: true, isActive: true, processes: [{ pid: 42, comm: id.replace('.service', '') }] },
  ...more,
})
const ssh = unit('ssh.service', {
  processes: [
    { pid: 7, comm: 'sshd' },
    { pid: 8, comm: 'sshd-auth' },
  ],
})
const HERE: Here = {
  units: new Map([
    ['ssh.service', ssh],
    ['sshd.service', ssh],
    ['cron.service', unit('cron.service')],
    ['postfix@-.service', unit('postfix@-.service', { isActive: false, processes: [] })],
    ['postfix.service', unit('postfix.service', { processes: [] })],
    ['none.service', unit('none.service', { isThere: false, isActive: false, processes: [] })],
  ]),
  users: new Set([0, 33, 1000]),
}
const as = (author: Partial<Author> = {}, said: Record<string, string> = {}): Writable => ({
  said,
  author: { uid: 0, unit: null, comm: null, transport: 'journal', ...author },
})

/** `A=1 B=2 + C=3`, as in configuration. */
const matchOf = (text: string): JournalMatch =>
  text.split(' + ').map((group) =>
    group.split(' ').map((term) => {
      const [field = '', ...value] = term.split('=')
      return [field, value.join('=').replaceAll('~', ' ')] as const
    }),
  )

describe('who an entry is written as', () => {
  it('is root where nobody is asked for', () => {
    expect(alternativesOf([], HERE)).toEqual({ writable: [as()], refused: [] })
  })

  it.each<[string, readonly Writable[]]>([
    ['SYSLOG_IDENTIFIER=sshd _UID=0', [as({}, { SYSLOG_IDENTIFIER: 'sshd' })]],
    ['SYSLOG_FACILITY=10', [as({}, { SYSLOG_FACILITY: '10' })]],
    // Debian's own jail of sshd, and the same with the alias: the service comes first, since its process is real.
    ['_SYSTEMD_UNIT=ssh.service + _COMM=sshd', [as({ unit: 'ssh.service' }), as({ comm: 'sshd' })]],
    ['_COMM=sshd + _SYSTEMD_UNIT=ssh.service', [as({ unit: 'ssh.service' }), as({ comm: 'sshd' })]],
    ['_SYSTEMD_UNIT=sshd.service + _COMM=sshd', [as({ comm: 'sshd' })]],
    ['_SYSTEMD_UNIT=ssh.service _COMM=sshd', [as({ unit: 'ssh.service', comm: 'sshd' })]],
    // One of two values is enough.
    [
      '_SYSTEMD_UNIT=ssh.service _COMM=sshd-session _COMM=sshd-auth',
      [as({ unit: 'ssh.service', comm: 'sshd-auth' })],
    ],
    [
      '_COMM=sshd + _UID=33 + SYSLOG_IDENTIFIER=x',
      [as({}, { SYSLOG_IDENTIFIER: 'x' }), as({ uid: 33 }), as({ comm: 'sshd' })],
    ],
    ['_SYSTEMD_UNIT=cron.service _UID=33', [as({ unit: 'cron.service', uid: 33 })]],
    ['_COMM=pvedaemon~worke', [as({ comm: 'pvedaemon worke' })]],
    ['_TRANSPORT=journal _COMM=x', [as({ comm: 'x' })]],
    ['_TRANSPORT=syslog SYSLOG_FACILITY=10', [as({ transport: 'syslog' }, { SYSLOG_FACILITY: '10' })]],
    [
      'CONTAINER_NAME=web _SYSTEMD_UNIT=cron.service',
      [as({ unit: 'cron.service' }, { CONTAINER_NAME: 'web' })],
    ],
  ])('%s', (text, wanted) => {
    expect(alternativesOf(matchOf(text), HERE).writable).toEqual(wanted)
  })

  it.each<[string, string]>([
    ['_EXE=/usr/sbin/sshd', 'nobody but its own program has the right _EXE'],
    ['_SYSTEMD_UNIT=ssh.service _PID=7', 'nobody but its own program has the right _PID'],
    ['_TRANSPORT=kernel', 'entries that come by kernel cannot be written'],
    ['_TRANSPORT=syslog _SYSTEMD_UNIT=ssh.service', 'entries by syslog are written as root alone'],
    ['_TRANSPORT=syslog CONTAINER_NAME=x', 'an entry by syslog cannot say all that it asks for'],
    ['_TRANSPORT=syslog SYSLOG_FACILITY=13', 'an entry by syslog cannot say all that it asks for'],
    ['_SYSTEMD_UNIT=postfix@-.service', 'postfix@-.service does not run, so nothing can be written as it'],
    ['_SYSTEMD_UNIT=postfix.service', 'postfix.service has no process now, so nothing can be written as it'],
    ['_SYSTEMD_UNIT=none.service', 'there is no none.service here'],
    ['_SYSTEMD_UNIT=other.service', 'systemd does not tell about other.service'],
    ['_SYSTEMD_UNIT=session-3.scope', 'session-3.scope is not a service'],
    ['_SYSTEMD_UNIT=--all.service', '--all.service is not a service'],
    ['_SYSTEMD_UNIT=../ssh.service', '../ssh.service is not a service'],
    ['_SYSTEMD_UNIT=ssh.service _COMM=sshd-session', 'no process of ssh.service is called sshd-session now'],
    ['_COMM=a/b', 'no program can be started under that name'],
    ['_COMM=..', 'no program can be started under that name'],
    ['_UID=34', 'there is no user 34 here'],
    ['_UID=1000', 'user 1000 is a person, whose entries go to a journal of their own'],
  ])('cannot be: %s', (text, why) => {
    expect(alternativesOf(matchOf(text), HERE)).toEqual({ writable: [], refused: [{ why, isNever: false }] })
  })

  it.each<[string, RegExp]>([
    ['_SYSTEMD_UNIT=sshd.service', /^sshd\.service is another name of ssh\.service, and entries carry only/],
    ['_SYSTEMD_UNIT=ssh@.service', /^ssh@\.service is a template/],
    ['_COMM=a-very-long-name', /^no process is called a-very-long-name: the kernel cuts names to 15/],
    ['_UID=root', /^no user has the number root/],
  ])('is nobody ever: %s', (text, why) => {
    const { writable, refused } = alternativesOf(matchOf(text), HERE)
    expect([writable, refused]).toEqual([[], [{ why: expect.stringMatching(why), isNever: true }]])
  })

  it('is limited, however many values are named', () => {
    const many = Array.from({ length: 40 }, (_, i) => [`F${i}=1`, `F${i}=2`].join(' ')).join(' ')
    expect(alternativesOf(matchOf(many), HERE).writable).toHaveLength(16)
  })
})

it('services are asked about by names of services only, each once', () => {
  const match = matchOf(
    '_SYSTEMD_UNIT=a.service _COMM=x + _SYSTEMD_UNIT=a.service + _SYSTEMD_UNIT=-h.service + _SYSTEMD_UNIT=b@.service',
  )
  expect(servicesIn(match)).toEqual(['a.service'])
})

it('a process of a service is the main one, or one of the name', () => {
  expect([
    processOf('ssh.service', null, ssh),
    processOf('ssh.service', 'sshd-auth', ssh),
    processOf('ssh.service', 'x', ssh),
    processOf('sshd.service', null, ssh),
    processOf('ssh.service', null, undefined),
  ]).toEqual([7, 8, null, null, null])
})

it.each<[Partial<Author>, string]>([
  [{}, ''],
  [{ unit: 'a.service' }, ' as a.service'],
  [{ unit: 'a.service', comm: 'x', uid: 33 }, ' as a.service as a process called x as user 33'],
])('is told in words: %j', (author, words) => expect(asWhom(as(author).author)).toBe(words))
