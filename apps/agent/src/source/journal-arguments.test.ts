import { describe, expect, it } from 'vitest'
import { journalArguments } from './journal-arguments.ts'

const SSHD = [
  [
    ['SYSLOG_IDENTIFIER', 'sshd'],
    ['SYSLOG_IDENTIFIER', 'sshd-session'],
    ['_UID', '0'],
  ],
] as const
const NOTICE = ['SYSLOG_IDENTIFIER=systemd-journald', 'MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e']
const tail = (matches: Parameters<typeof journalArguments>[0]) =>
  journalArguments(matches, { kind: 'since', since: '-10min' }).slice(8)

describe('what journalctl is called with', () => {
  it('goes on at a cursor or begins at a moment', () => {
    expect(journalArguments([], { kind: 'cursor', cursor: 's=1;i=2' })).toContain('--cursor=s=1;i=2')
    expect(journalArguments([], { kind: 'since', since: '@5' })).toContain('--since=@5')
  })

  it('asks for the union of all groups, each once', () => {
    const unit = [[['_SYSTEMD_UNIT', 'nginx.service']]] as const
    expect(tail([SSHD, unit, SSHD])).toEqual([
      ...['SYSLOG_IDENTIFIER=sshd', 'SYSLOG_IDENTIFIER=sshd-session', '_UID=0', '+'],
      ...['_SYSTEMD_UNIT=nginx.service', '+', ...NOTICE],
    ])
  })

  it('asks for everything when one jail wants everything', () => {
    expect(tail([SSHD, []])).toEqual([])
  })

  it('never lets a field that is none, and so perhaps an option, through', () => {
    expect(tail([[[['--vacuum-size', '1']]]])).toEqual(NOTICE)
  })

  it('asks for the fields that a match names', () => {
    const args = journalArguments([[[['_EXE', '/usr/sbin/x']]]], { kind: 'since', since: '@5' })
    expect(args.find((arg) => arg.startsWith('--output-fields='))).toMatch(/,_EXE$/)
  })
})
