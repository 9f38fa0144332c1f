import type { Attempt, WorldLine } from '../attempt.ts'

/**
 * What Proxmox VE's pvedaemon writes for an attempt at port 8006. Its listener is the IPv6 wildcard, so
 * an IPv4 peer appears as `::ffff:192.0.2.1`. A wrong password in the realm `pam` has a twin from PAM.
 */
export function proxmoxLines(attempt: Attempt): readonly WorldLine[] {
  const { ip, user, outcome, pid, node, at } = attempt
  const rhost = ip.includes(':') ? ip : `::ffff:${ip}`
  const line = (after: number, priority: number, message: string, identifier = 'pvedaemon'): WorldLine => ({
    at: at + after,
    node,
    from: ip,
    service: 'proxmox',
    file: null,
    identifier,
    pid,
    uid: 0,
    // The kernel keeps fifteen bytes of a process's name.
    comm: 'pvedaemon worke',
    unit: 'pvedaemon.service',
    priority,
    message,
  })
  switch (outcome) {
    case 'accepted':
      return [line(0, 6, `<root@pam> successful auth for user '${user}'`)]
    case 'unknown-user':
      return [line(0, 3, `authentication failure; rhost=${rhost} user=${user} msg=no such user ('${user}')`)]
    case 'wrong-password': {
      const [name = user, realm = 'pam'] = user.split('@')
      const failure = (why: string): string =>
        `authentication failure; rhost=${rhost} user=${user} msg=${why}`
      if (realm !== 'pam') return [line(0, 3, failure('invalid credentials'))]
      const pam = `pam_unix(proxmox-ve-auth:auth): authentication failure; logname= uid=0 euid=0 tty= ruser= rhost=${rhost}  user=${name}`
      return [line(0, 5, pam, 'IPCC.xs'), line(2_050, 3, failure('Authentication failure'))]
    }
    case 'left':
      return []
  }
}
