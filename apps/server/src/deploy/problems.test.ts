import { describe, expect, it } from 'vitest'
import { aptError, connectError, DeployError, problemOf, shown } from './problems.ts'

describe('what goes wrong on a host', () => {
  it.each([
    ['client-authentication', 'All configured authentication methods failed', 'auth-refused'],
    ['handshake', 'Host denied (verification failed)', 'host-key-changed'],
    ['agent', 'Failed to retrieve identities', 'ssh-agent-silent'],
    [undefined, 'Cannot parse privateKey: Encrypted private OpenSSH key', 'key-unreadable'],
    ['client-socket', 'connect ECONNREFUSED\u0007', 'unreachable'],
  ])('is told of an SSH client: %s, %s', (level, message, code) => {
    expect(connectError(level, message)).toMatchObject({ code })
  })

  it.each([
    [
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)',
      'apt-locked',
      'Process 4711 on the host (unattended-upgr) holds the lock of apt.',
    ],
    [
      'dpkg: error: dpkg frontend lock was locked by another process with pid 12',
      'apt-locked',
      'Process 12 on the host holds the lock of apt.',
    ],
    [
      'E: Unable to lock the administration directory (/var/lib/dpkg/), is another process using it?',
      'apt-locked',
      /./,
    ],
    ['cannot copy extracted data: failed to write (No space left on device)', 'disk-full', /ran out of room/],
    [
      "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'",
      'dpkg-interrupted',
      /interrupted/,
    ],
    ['E: Sub-process /usr/bin/dpkg returned an error code (1)', 'install-failed', /could not be installed/],
  ])('is told of apt: %s', (output, code, message) => {
    expect(aptError(output, 'install-failed').problem).toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })

  it('always has a remedy, and nothing that a terminal would obey', () => {
    expect(problemOf(new Error('x\u001b[2J'))).toMatchObject({ code: 'failed', message: 'It failed: x[2J' })
    expect(problemOf(new DeployError('cut')).remedy).not.toBe('')
    expect(shown('é\n')).toBe('unknown')
  })
})
