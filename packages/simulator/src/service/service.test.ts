import { describe, expect, it } from 'vitest'
import type { Attempt } from '../attempt.ts'
import { makeWorld } from '../world.ts'
import { linesOf } from './lines.ts'

const [upgraded, old] = makeWorld({ seed: 1, nodes: 2 }).nodes
const base: Attempt = {
  at: 1_000,
  node: 'pve1',
  service: 'sshd',
  ip: '203.0.113.9',
  user: 'root',
  outcome: 'wrong-password',
  port: 4022,
  pid: 77,
}
const written = (change: Partial<Attempt>, node = upgraded!): readonly string[] =>
  linesOf({ ...base, ...change }, node).map((line) => `${line.identifier}: ${line.message}`)

describe('sshd', () => {
  it('writes a wrong password as Debian 13 does', () => {
    expect(written({})).toEqual([
      'sshd-session: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root',
      'sshd-session: Failed password for root from 203.0.113.9 port 4022 ssh2',
      'sshd-session: Connection closed by authenticating user root 203.0.113.9 port 4022 [preauth]',
    ])
  })

  it('writes as sshd where per-connection processes are not split off yet', () => {
    expect(written({}, old!)[1]).toBe('sshd: Failed password for root from 203.0.113.9 port 4022 ssh2')
  })

  it('writes an unknown name', () => {
    expect(written({ user: 'admin', outcome: 'unknown-user', ip: '2001:db8::9' })).toEqual([
      'sshd-session: Invalid user admin from 2001:db8::9 port 4022',
      'sshd-session: pam_unix(sshd:auth): check pass; user unknown',
      'sshd-session: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=2001:db8::9 ',
      'sshd-session: Failed password for invalid user admin from 2001:db8::9 port 4022 ssh2',
      'sshd-session: Disconnected from invalid user admin 2001:db8::9 port 4022 [preauth]',
    ])
  })

  it('writes a login, from the key to the end of the session, by one process in order of time', () => {
    const lines = linesOf({ ...base, user: 'anna', outcome: 'accepted' }, upgraded!)
    expect(lines[0]?.message).toMatch(
      /^Accepted publickey for anna from 203\.0\.113\.9 port 4022 ssh2: ED25519 SHA256:[\w+/]{43}$/,
    )
    expect(lines.map((line) => line.at)).toEqual(lines.map((line) => line.at).toSorted((a, b) => a - b))
    expect(new Set(lines.map((line) => line.pid))).toEqual(new Set([77]))
  })

  it('writes a peer that leaves without a name', () => {
    expect(written({ outcome: 'left' })).toEqual(['sshd-session: Connection closed by 203.0.113.9 port 4022'])
  })
})

const proxmox = (change: Partial<Attempt>): readonly string[] => written({ service: 'proxmox', ...change })

describe('proxmox', () => {
  it.each<[string, Partial<Attempt>, readonly string[]]>([
    [
      'a wrong password in realm pam, after its twin from PAM',
      { user: 'root@pam' },
      [
        'IPCC.xs: pam_unix(proxmox-ve-auth:auth): authentication failure; logname= uid=0 euid=0 tty= ruser= rhost=::ffff:203.0.113.9  user=root',
        'pvedaemon: authentication failure; rhost=::ffff:203.0.113.9 user=root@pam msg=Authentication failure',
      ],
    ],
    [
      'a wrong password in realm pve',
      { user: 'ben@pve', ip: '2001:db8::9' },
      ['pvedaemon: authentication failure; rhost=2001:db8::9 user=ben@pve msg=invalid credentials'],
    ],
    [
      'an unknown name',
      { user: 'x@pam', outcome: 'unknown-user' },
      ["pvedaemon: authentication failure; rhost=::ffff:203.0.113.9 user=x@pam msg=no such user ('x@pam')"],
    ],
    [
      'a login',
      { user: 'ben@pve', outcome: 'accepted' },
      ["pvedaemon: <root@pam> successful auth for user 'ben@pve'"],
    ],
    ['nothing for a peer that leaves', { outcome: 'left' }, []],
  ])('writes %s', (_, change, lines) => {
    expect(proxmox(change)).toEqual(lines)
  })

  it('carries what the journal knows of pvedaemon', () => {
    expect(linesOf({ ...base, service: 'proxmox', user: 'a@pve' }, upgraded!)[0]).toMatchObject({
      uid: 0,
      comm: 'pvedaemon worke',
      unit: 'pvedaemon.service',
      priority: 3,
    })
  })
})

describe('warder', () => {
  it('writes a failed login into its own file, names quoted, and nothing for one that succeeds', () => {
    const failed = linesOf({ ...base, service: 'warder', user: 'a"b', outcome: 'unknown-user' }, upgraded!)
    expect(failed).toMatchObject([
      {
        file: '/var/log/warder/auth.log',
        identifier: 'warder-server',
        message: 'authentication failure; rhost=203.0.113.9 user="a\\"b"',
      },
    ])
    expect(linesOf({ ...base, service: 'warder', outcome: 'accepted' }, upgraded!)).toEqual([])
  })
})
