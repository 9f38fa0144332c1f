import type { Attempt, WorldLine } from '../attempt.ts'

/** Where Warder's own server writes down failed logins. */
export const WARDER_LOG = '/var/log/warder/auth.log'

/** What Warder's own server writes for a login at its dashboard: a line in its auth log for each that failed. */
export function warderLines({ at, node, ip, user, pid, outcome }: Attempt): readonly WorldLine[] {
  if (outcome === 'accepted' || outcome === 'left') return []
  return [
    {
      at,
      node,
      from: ip,
      service: 'warder',
      file: WARDER_LOG,
      identifier: 'warder-server',
      pid,
      uid: 64_100,
      comm: 'warder-server',
      unit: 'warder-server.service',
      priority: 4,
      message: `authentication failure; rhost=${ip} user=${JSON.stringify(user)}`,
    },
  ]
}
