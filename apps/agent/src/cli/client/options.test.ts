import { describe, expect, it } from 'vitest'
import { parseClientLine } from './options.ts'

const command = (...words: readonly string[]) => ({ kind: 'command', words })

describe('a command line of fail2ban-client', () => {
  it.each<[string, unknown]>([
    ['status', command('status')],
    ['-vvq -x status sshd', command('status', 'sshd')],
    ['set sshd banip -q --all', command('set', 'sshd', 'banip', '-q', '--all')],
    ['-c /etc/fail2ban -p /run/x.pid --pname me ping', command('ping')],
    ['-s /var/run/fail2ban/fail2ban.sock ping', command('ping')],
    ['-s /run/warder/agent.sock ping', { ...command('ping'), socket: '/run/warder/agent.sock' }],
    ['-xs/run/a.sock ping', { ...command('ping'), socket: '/run/a.sock' }],
    ['--socket=/run/a.sock ping', { ...command('ping'), socket: '/run/a.sock' }],
    ['--conf=/etc/warder/agent.toml ping', { ...command('ping'), config: '/etc/warder/agent.toml' }],
    ['-- status', command('status')],
    ['', command()],
    ['-h', { kind: 'help' }],
    ['-v --help status', { kind: 'help' }],
    ['-V', { kind: 'version', isShort: true }],
    ['--version', { kind: 'version', isShort: false }],
    ['-t', { kind: 'test' }],
    ['--test start', { kind: 'test' }],
    ['--str2sec 1h', { kind: 'duration', text: '1h' }],
    ['-d', expect.objectContaining({ kind: 'refused' })],
    ['-i', expect.objectContaining({ kind: 'refused' })],
    ['-s', expect.objectContaining({ kind: 'refused', message: 'option -s wants a value' })],
    ['--nothing', expect.objectContaining({ kind: 'refused', message: 'there is no option --nothing' })],
  ])('%s', (line, expected) => {
    expect(parseClientLine(line.split(' ').filter(Boolean))).toEqual(expected)
  })
})
