import { JOURNAL, type Ban, type EpochMs } from '@warder/core'
import type { DoctorFinding, DoctorJail, HardeningFinding, NodeStatus } from '@warder/protocol'

/** A source that gave nothing for so long is silent too long (ms). */
const SILENT_MS = 86_400_000
/** Addresses of one's own network, as an operator's mostly is. */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd]|fe80:)/i
/** With fewer tries than this a key ring with some keys does not get in. */
const FEW_TRIES = 3

/** What the known troubles are looked for in. */
export interface CaseFacts {
  readonly now: EpochMs
  readonly status: NodeStatus
  readonly jails: readonly DoctorJail[]
  readonly bans: readonly Ban[]
  readonly hardening: readonly HardeningFinding[]
  /** Whether somebody is named who is never banned, beyond what every node protects by itself. */
  readonly isAnybodyNamed: boolean
  /** How many tries sshd takes in one connection; null: it is not known. */
  readonly sshTries: number | null
}

interface Trouble {
  readonly severity: DoctorFinding['severity']
  readonly cause: string
  readonly remedy: string
}

/** The known troubles, each with whether it is there. */
export const casesOf = (facts: CaseFacts): DoctorFinding[] => [
  toFinding(
    'it-never-bans',
    'It never bans',
    neverBans(facts),
    'Jails run, and the firewall enforces what they decide.',
  ),
  toFinding(
    'i-locked-myself-out',
    'I banned myself',
    bannedMyself(facts),
    'Somebody is named who is never banned, and no address of a private network is banned.',
  ),
  toFinding(
    'the-log-stays-empty',
    'The log stays empty',
    logEmpty(facts),
    'Every source is read and was written to within a day.',
  ),
  toFinding(
    'the-installation-fails',
    'The installation fails',
    installFails(facts),
    'Packages of Debian can be had, and the tools of the firewall are there.',
  ),
  toFinding(
    'ssh-locks-me-out',
    'SSH locks me out',
    sshLocksOut(facts),
    'sshd takes enough tries for a key ring with some keys.',
  ),
]

function toFinding(id: string, title: string, trouble: Trouble | null, fine: string): DoctorFinding {
  if (trouble === null) return { id, title, state: 'fine', severity: 'warning', cause: fine, remedy: '' }
  const { severity, cause, remedy } = trouble
  return { id, title, state: 'found', severity, cause: cause.slice(0, 2_000), remedy: remedy.slice(0, 2_000) }
}

function neverBans({ status, jails }: CaseFacts): Trouble | null {
  const { firewall, suspended } = status
  if (suspended !== undefined)
    return warning(
      `Nothing is enforced until the end of a panic that ${suspended.by} asked for.`,
      'warder panic --end',
    )
  if (!firewall.enforcing)
    return broken(
      `The firewall enforces nothing: ${firewall.reason.replace(/\.$/, '')}.`,
      'Run the agent as root, and apt install nftables.',
    )
  if (!status.jails.some(({ state }) => state === 'running'))
    return broken('No jail runs.', 'warder check says why; enable one in /etc/warder/jail.local.')
  const failed = status.jails.filter(({ state }) => state === 'failed' || state === 'paused')
  if (failed.length > 0)
    return broken(
      `These jails do not run: ${failed.map(({ name, reason }) => `${name} (${reason ?? 'no reason'})`).join(', ')}.`,
      'warder check names file and line of what is wrong.',
    )
  const dead = jails.filter(({ verdict }) => verdict === 'broken').map(({ jail }) => jail)
  if (dead.length > 0)
    return broken(
      `No marked line comes through: ${dead.join(', ')}.`,
      'The hop that is broken says where it ends.',
    )
  return null
}

function bannedMyself({ bans, isAnybodyNamed }: CaseFacts): Trouble | null {
  const near = bans.filter(({ ip, origin }) => PRIVATE.test(ip) && origin !== 'list').map(({ ip }) => ip)
  if (near.length > 0)
    return warning(
      `Addresses of private networks are banned, as an operator's mostly is: ${near.slice(0, 10).join(', ')}.`,
      `From the console: warder unban ${near[0] ?? ''}; then put it into ignoreip of /etc/warder/jail.local and warder reload.`,
    )
  if (isAnybodyNamed) return null
  return warning(
    'Nobody is named who is never banned, so a few wrong passwords of your own shut you out.',
    'Put your address into ignoreip of /etc/warder/jail.local, or on an allow list in the dashboard.',
  )
}

function logEmpty({ now, status, jails, hardening }: CaseFacts): Trouble | null {
  const lost = status.sources.filter(({ state }) => state === 'lost')
  if (lost.length > 0)
    return broken(
      `These are not read: ${lost.map(({ id, reason }) => `${id} (${reason ?? 'no reason'})`).join(', ')}.`,
      'The reason says what is missing: rights, or journalctl.',
    )
  const level = hardening.find(({ id }) => id === 'journald-level')
  if (level?.state === 'found')
    return broken(`${level.cause} ${level.effect}`, 'warder harden apply journald-level')
  const unread = jails.filter(isUnread)
  const storage = hardening.find(({ id }) => id === 'journald-storage')
  if (storage?.state === 'found' && unread.some(({ source }) => source === JOURNAL))
    return broken(`${storage.cause} ${storage.effect}`, 'warder harden apply journald-storage')
  if (unread.length > 0)
    return broken(
      `What is written does not come back: ${unread.map(({ jail, source }) => `${jail} (${source ?? 'nothing'})`).join(', ')}.`,
      'systemctl status systemd-journald; df /var/log; warder harden tells of limits that drop lines.',
    )
  // A log that only jails without a service wait for is missed by nobody.
  const read = new Set(status.jails.flatMap(({ state, sources }) => (state === 'running' ? sources : [])))
  const silent = status.sources.filter(
    ({ id, state, lastLineAt }) =>
      read.has(id) && (state === 'waiting' || now - Math.max(lastLineAt ?? 0, status.startedAt) >= SILENT_MS),
  )
  if (silent.length === 0) return null
  return warning(
    `Silent too long: ${silent.map(({ id, state, reason }) => (state === 'waiting' ? `${id} (${reason ?? 'not there'})` : id)).join(', ')}.`,
    'Look whether the service still logs there. Without rsyslog there is no /var/log/auth.log: leave backend = auto.',
  )
}

/** Whether a line was written and did not come back. */
const isUnread = ({ hops }: DoctorJail): boolean =>
  hops.some(({ hop, state }) => hop === 'write' && state === 'ok') &&
  hops.some(({ hop, state }) => hop === 'read' && state === 'broken')

function installFails({ status, hardening }: CaseFacts): Trouble | null {
  const repository = hardening.find(({ id }) => id === 'debian-repository')
  if (repository?.state === 'found')
    return warning(`${repository.cause} ${repository.effect}`, repository.byHand.join('; '))
  if (status.firewall.backend === 'dry-run')
    return broken(`There is no firewall to use: ${status.firewall.reason}`, 'apt install nftables')
  return null
}

function sshLocksOut({ sshTries, hardening }: CaseFacts): Trouble | null {
  if (sshTries === null || sshTries > FEW_TRIES) return null
  const isOurs = hardening.some(({ id, state }) => id === 'sshd-tries' && state === 'applied')
  if (sshTries === FEW_TRIES && !isOurs) return null
  return warning(
    `sshd takes ${sshTries} tries in one connection${isOurs ? ', set by Warder' : ''}: a key ring that offers more keys first is turned away.`,
    `Offer one key: ssh -o IdentitiesOnly=yes -i KEY HOST.${isOurs ? ' Or take it back: warder harden restore sshd-tries' : ''}`,
  )
}

const broken = (cause: string, remedy: string): Trouble => ({ severity: 'broken', cause, remedy })
const warning = (cause: string, remedy: string): Trouble => ({ severity: 'warning', cause, remedy })
