import type { Attempt, WorldLine } from '../attempt.ts'
import type { WorldNode } from '../world.ts'

/** After how many milliseconds, with which level, which text. */
type Said = readonly [after: number, priority: number, message: string]

/** What OpenSSH writes for an attempt: Debian 12 (9.2) as `sshd`, Debian 13 (10.0) as `sshd-session`. */
export function sshdLines(attempt: Attempt, node: WorldNode): readonly WorldLine[] {
  const comm = node.splitSshd ? 'sshd-session' : 'sshd'
  return said(attempt).map(([after, priority, message]) => ({
    at: attempt.at + after,
    node: attempt.node,
    from: attempt.ip,
    service: 'sshd',
    file: null,
    identifier: comm,
    pid: attempt.pid,
    uid: 0,
    comm,
    unit: 'ssh.service',
    priority,
    message,
  }))
}

function said({ outcome, user, ip, port }: Attempt): readonly Said[] {
  const peer = `${ip} port ${port}`
  const pam = `authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip} `
  switch (outcome) {
    case 'accepted':
      return [
        [0, 6, `Accepted publickey for ${user} from ${peer} ssh2: ED25519 SHA256:${keyPrint(user)}`],
        [
          3,
          6,
          `pam_unix(sshd:session): session opened for user ${user}(uid=${uidOf(user)}) by ${user}(uid=0)`,
        ],
        [95_000, 6, `Received disconnect from ${peer}:11: disconnected by user`],
        [95_001, 6, `Disconnected from user ${user} ${peer}`],
        [95_004, 6, `pam_unix(sshd:session): session closed for user ${user}`],
      ]
    case 'wrong-password':
      return [
        [0, 5, `pam_unix(sshd:auth): ${pam} user=${user}`],
        [1_900, 6, `Failed password for ${user} from ${peer} ssh2`],
        [2_100, 6, `Connection closed by authenticating user ${user} ${peer} [preauth]`],
      ]
    case 'unknown-user':
      return [
        [0, 6, `Invalid user ${user} from ${peer}`],
        [2, 5, 'pam_unix(sshd:auth): check pass; user unknown'],
        [2, 5, `pam_unix(sshd:auth): ${pam}`],
        [1_800, 6, `Failed password for invalid user ${user} from ${peer} ssh2`],
        [2_000, 6, `Disconnected from invalid user ${user} ${peer} [preauth]`],
      ]
    case 'left':
      return [[0, 6, `Connection closed by ${peer}`]]
  }
}

const uidOf = (user: string): number => (user === 'root' ? 0 : 1000 + (user.length % 8))

/** Forty-three characters that look like a key's fingerprint and are the same for the same user. */
function keyPrint(user: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  let state = user.length
  return Array.from({ length: 43 }, (_, i) => {
    state = (state * 31 + user.charCodeAt(i % user.length) + i) % 4096
    return alphabet[state % 64]
  }).join('')
}
