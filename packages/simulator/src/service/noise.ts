import type { EpochMs } from '@warder/core'
import type { WorldLine } from '../attempt.ts'
import type { Random } from '../random.ts'

interface Voice {
  readonly identifier: string
  readonly comm: string
  readonly unit: string
  readonly uid: number
  readonly priority: number
  readonly say: (node: string, random: Random) => string
}

const root = (identifier: string, say: Voice['say'], priority = 6): Voice => ({
  identifier,
  comm: identifier.slice(0, 15),
  unit: `${identifier}.service`,
  uid: 0,
  priority,
  say,
})

/** Everyday lines of a Proxmox node, with some that resemble failures and are none. */
const VOICES: readonly (readonly [Voice, number])[] = [
  [
    root('pvestatd', (_, random) => `status update time (${(5 + random.next() * 4).toFixed(3)} seconds)`, 4),
    2,
  ],
  [{ ...root('pveproxy', () => 'worker exit'), uid: 33 }, 3],
  [{ ...root('pveproxy', () => 'proxy detected vanished client connection'), uid: 33, priority: 4 }, 2],
  [
    {
      ...root('pveproxy', () => 'authentication failure: 401 permission denied - invalid PVE ticket'),
      uid: 33,
      priority: 4,
    },
    1,
  ],
  [root('pmxcfs', () => '[status] notice: received log'), 6],
  [
    root(
      'corosync',
      (_, random) =>
        `  [KNET  ] pmtud: PMTUD link change for host: ${random.between(1, 5)} link: 0 from 469 to 1397`,
    ),
    1,
  ],
  [
    root(
      'pvescheduler',
      (node, random) =>
        `<root@pam> starting task UPID:${node}:${random.between(4096, 65535).toString(16).toUpperCase().padStart(8, '0')}:vzdump::root@pam:`,
    ),
    1,
  ],
  [root('pvedaemon', () => "<root@pam> successful auth for user 'monitor@pve'"), 4],
  [root('systemd', () => 'Starting systemd-tmpfiles-clean.service - Cleanup of Temporary Directories...'), 1],
  [
    {
      ...root('CRON', () => '(root) CMD (cd / && run-parts --report /etc/cron.hourly)'),
      comm: 'cron',
      unit: 'cron.service',
    },
    1,
  ],
  [
    {
      ...root(
        'sshd',
        (_, random) =>
          `Connection closed by 192.0.2.${random.between(1, 9)} port ${random.between(1024, 65535)}`,
      ),
      comm: 'sshd',
      unit: 'ssh.service',
    },
    1,
  ],
]

/** An everyday line of a node that no login caused. */
export function noiseLine(node: string, at: EpochMs, random: Random): WorldLine {
  const { say, ...voice } = random.weighted(VOICES)
  return {
    at,
    node,
    from: null,
    service: null,
    file: null,
    pid: random.between(600, 4_000_000),
    ...voice,
    message: say(node, random),
  }
}
