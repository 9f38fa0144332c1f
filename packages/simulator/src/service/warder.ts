import type { Attempt, WorldLine } from '../attempt.ts'

/** What Warder's own server writes for a login at its dashboard. */
export function warderLines(attempt: Attempt): readonly WorldLine[] {
  const line = (priority: number, message: string): WorldLine => ({
    at: attempt.at,
    node: attempt.node,
    from: attempt.ip,
    identifier: 'warder-server',
    pid: attempt.pid,
    uid: 64_100,
    comm: 'warder-server',
    unit: 'warder-server.service',
    priority,
    message,
  })
  switch (attempt.outcome) {
    case 'accepted':
    case 'left':
      return []
    case 'wrong-password':
    case 'unknown-user':
      return [line(4, `login failed; rhost=${attempt.ip} user=${attempt.user}`)]
  }
}
