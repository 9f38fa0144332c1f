import { describe, expect, it } from 'vitest'
import type { WorldLine } from './attempt.ts'
import { isoTime } from './iso-time.ts'
import { toLogLine } from './journal.ts'

describe('isoTime', () => {
  it('agrees with the platform, on every kind of day', () => {
    const moments = [
      0, 951_782_399_999, 951_868_800_000, 1_709_164_800_123, 4_107_542_399_000, 1_795_166_101_108,
    ]
    for (const day of [0, 59, 60, 365, 366, 1_461, 36_525])
      moments.push(Date.UTC(2000, 0, 1) + day * 86_400_000)
    expect(moments.map(isoTime)).toEqual(moments.map((at) => new Date(at).toISOString()))
  })
})

describe('toLogLine', () => {
  const line: WorldLine = {
    at: Date.UTC(2026, 10, 20, 9, 15),
    node: 'pve1',
    from: '203.0.113.9',
    service: 'sshd',
    file: null,
    identifier: 'sshd-session',
    pid: 77,
    uid: 0,
    comm: 'sshd-session',
    unit: 'ssh.service',
    priority: 6,
    message: 'Failed password for root from 203.0.113.9 port 4022 ssh2',
  }

  it('has the form of a line from the journal', () => {
    const read = toLogLine(line, 5)
    expect(read).toMatchObject({ source: 'journal', readAt: 5, writtenAt: line.at })
    expect(read.text).toBe('pve1 sshd-session[77]: Failed password for root from 203.0.113.9 port 4022 ssh2')
    expect(read.fields).toMatchObject({ SYSLOG_IDENTIFIER: 'sshd-session', _UID: '0', _PID: '77' })
  })

  it('has the form of a line of a file, with its date in the text', () => {
    expect(toLogLine({ ...line, file: '/var/log/x.log', message: 'hello' }, 5)).toEqual({
      source: '/var/log/x.log',
      readAt: 5,
      text: '2026-11-20T09:15:00.000Z sshd-session[77]: hello',
    })
  })
})
