import { describe, expect, it } from 'vitest'
import type { JournalMatch } from './definition.ts'
import { matchesJournal } from './journal.ts'

const UNIT = ['_SYSTEMD_UNIT', 'ssh.service'] as const
const COMM = ['_COMM', 'sshd'] as const
const SESSION = ['_COMM', 'sshd-session'] as const

describe('matchesJournal', () => {
  it.each<[string, JournalMatch, Record<string, string>, boolean]>([
    ['nothing asked for', [], {}, true],
    ['a term that holds', [[UNIT]], { _SYSTEMD_UNIT: 'ssh.service' }, true],
    ['a term that does not', [[UNIT]], { _SYSTEMD_UNIT: 'cron.service' }, false],
    ['a field that is absent', [[UNIT]], {}, false],
    ['all terms hold', [[UNIT, COMM]], { _SYSTEMD_UNIT: 'ssh.service', _COMM: 'sshd' }, true],
    ['one of two fields holds', [[UNIT, COMM]], { _SYSTEMD_UNIT: 'ssh.service', _COMM: 'cron' }, false],
    ['either value of one field', [[COMM, SESSION]], { _COMM: 'sshd-session' }, true],
    ['neither value of one field', [[COMM, SESSION]], { _COMM: 'cron' }, false],
    ['a second group', [[UNIT], [COMM]], { _COMM: 'sshd' }, true],
    ['no group', [[UNIT], [COMM]], { _COMM: 'cron' }, false],
  ])('%s', (_, match, fields, expected) => {
    expect(matchesJournal(match, fields)).toBe(expected)
  })
})
