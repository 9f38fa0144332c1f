import type { DeployProblem } from '@warder/protocol/api'

/** The closed list of why something cannot be done on a host: what is wrong, and what to do. */
export const PROBLEMS = {
  unreachable: [
    'The host did not answer as an SSH server does.',
    'Check host and port, and that no firewall is between.',
  ],
  'host-key-changed': [
    'The host has another key than the one that was confirmed, so it was told nothing.',
    'Ask for its key again, and find out why it changed.',
  ],
  'auth-refused': [
    'The host refused the password or the key.',
    'Check user and password. Root may be allowed with a key only (PermitRootLogin in its sshd_config).',
  ],
  'key-unreadable': [
    'The private key cannot be read.',
    'Give one that OpenSSH writes, whole with its first and last line, and its passphrase where it has one.',
  ],
  'ssh-agent-missing': [
    'This server has no ssh-agent: it was started without SSH_AUTH_SOCK.',
    'Start it from a session with an ssh-agent, or set SSH_AUTH_SOCK for its unit. Or use a password or a key.',
  ],
  'ssh-agent-silent': [
    'The ssh-agent of this server does not answer, or has no key.',
    'Look with ssh-add -l as the user of the server whether it is there and has keys. Or use a password or a key.',
  ],
  'sudo-missing': ['The host has no sudo.', 'Sign in as root, or install sudo there.'],
  'sudo-denied': [
    'The user may not use sudo.',
    'Sign in as root, or let the user use sudo: usermod -aG sudo USER on the host.',
  ],
  'sudo-password': ['sudo did not take the password.', 'Give the password that sudo asks this user for.'],
  'no-commands': [
    'The host runs no commands for this user.',
    'Give the user a shell, or sign in as another one.',
  ],
  'not-debian': ['The host has no dpkg and apt-get.', 'Only Debian and its kin are supported.'],
  'no-systemd': [
    'The host does not run systemd.',
    'The agent is started by it. Use a host that runs systemd.',
  ],
  architecture: [
    'The host is of another architecture than the package.',
    'Make a package for it with npm run package and install it by hand.',
  ],
  'already-added': [
    'The host reports to a server already.',
    'Remove it there first. On the host: apt purge warder-agent.',
  ],
  'not-this-node': [
    'The host is another node than the one that was meant.',
    'Correct the host: it is an address at which that node answers.',
  ],
  'not-installed': ['The host has no agent of ours.', 'Add it as a new node.'],
  'newer-installed': [
    'The host has a newer agent than this server holds.',
    'Upgrade the server first. The agent can stay as it is.',
  ],
  'up-to-date': ['The host has this version already.', 'There is nothing to do.'],
  'disk-full': ['The host has too little room.', 'Make room there and try again. apt clean often helps.'],
  'upload-failed': [
    'The package could not be sent.',
    'Look whether the host takes files by SFTP, and try again.',
  ],
  'package-damaged': ['The package arrived damaged.', 'Try again.'],
  'save-failed': [
    'The version that is there could not be kept for going back, so nothing was changed.',
    'What the host printed says why.',
  ],
  'apt-locked': [
    'Another program on the host holds the lock of apt.',
    'Wait until it has ended (unattended-upgrades, an open apt) and try again.',
  ],
  'dpkg-interrupted': [
    'An installation on the host was interrupted before.',
    'Run there: dpkg --configure -a. Then try again.',
  ],
  'install-failed': ['The package could not be installed.', 'What the host printed says why.'],
  'remove-failed': ['The package could not be removed.', 'What the host printed says why.'],
  'enrol-failed': [
    'The host could not enrol.',
    'It has to reach this server at the address that was given. What the host printed says why.',
  ],
  'start-failed': ['The agent does not start.', 'On the host: journalctl -u warder-agent'],
  'no-report': [
    'The agent runs and does not report.',
    'Look whether the host reaches this server at the address that was given.',
  ],
  unhealthy: [
    'The new version did not report in time that it is well.',
    'On the host: journalctl -u warder-agent. The other nodes were left as they are.',
  ],
  cut: ['The connection to the host was cut.', 'Look whether the host is up, and try again.'],
  cancelled: ['It was cancelled.', 'Begin again when you want it.'],
  'earlier-failed': [
    'The node before this one failed, so nothing was done here.',
    'See there what is wrong, then begin again.',
  ],
  failed: ['It failed.', 'The log of the server says more.'],
} as const satisfies Record<string, readonly [string, string]>

export type DeployCode = keyof typeof PROBLEMS

/** What went wrong, in words with a remedy. Never holds what signed in. */
export class DeployError extends Error {
  readonly code: DeployCode
  readonly problem: DeployProblem

  /** `detail`: a sentence that says it for this host, in place of the general one. */
  constructor(code: DeployCode, detail?: string) {
    const [message, remedy] = PROBLEMS[code]
    super(detail ?? message)
    this.code = code
    this.problem = { code, message: detail ?? message, remedy }
  }
}

/** Anything that was thrown → the problem to show. */
export const problemOf = (err: unknown): DeployProblem =>
  err instanceof DeployError
    ? err.problem
    : new DeployError('failed', err instanceof Error ? `It failed: ${shown(err.message)}` : undefined).problem

/** What a host says may be anything: bounded and printable. */
export const shown = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').slice(0, 120) || 'unknown'

/** What an SSH client said went wrong. */
export function connectError(level: string | undefined, message: string): DeployError {
  if (level === 'client-authentication') return new DeployError('auth-refused')
  if (level === 'agent') return new DeployError('ssh-agent-silent')
  if (/verification failed|host key/i.test(message)) return new DeployError('host-key-changed')
  if (/passphrase|parse privateKey|Encrypted/i.test(message)) return new DeployError('key-unreadable')
  return new DeployError('unreachable', `The host did not answer as an SSH server does: ${shown(message)}.`)
}

/** Why a user did not become root, from what the host printed instead. */
export function sudoError(output: string): DeployError {
  if (/sudo: (command )?not found|sudo['’"]?: No such file/i.test(output))
    return new DeployError('sudo-missing')
  if (/not in the sudoers|not allowed to (execute|run)|may not run sudo/i.test(output))
    return new DeployError('sudo-denied')
  if (/incorrect password|password is required|no password was provided|try again/i.test(output))
    return new DeployError('sudo-password')
  return new DeployError(
    'sudo-denied',
    `The user did not become root: ${shown(output.trim().split('\n').at(-1) ?? '')}.`,
  )
}

/** Whether apt gave up because another program holds its lock. */
export const isLocked = (output: string): boolean =>
  /Could not get lock|lock was locked by another process|Unable to acquire the dpkg frontend lock|Unable to lock (the )?(administration )?directory|is another process using it/i.test(
    output,
  )

/** Why apt did not do it, from what it printed. */
export function aptError(output: string, otherwise: 'install-failed' | 'remove-failed'): DeployError {
  if (/No space left on device|enough free space/i.test(output))
    return new DeployError('disk-full', 'The host ran out of room while the package was unpacked.')
  if (isLocked(output)) {
    const holder = /(?:held by process|another process with pid) (\d+)(?: \(([^)\s]{1,40})\))?/.exec(output)
    return holder === null
      ? new DeployError('apt-locked')
      : new DeployError(
          'apt-locked',
          `Process ${holder[1]} on the host${holder[2] === undefined ? '' : ` (${shown(holder[2])})`} holds the lock of apt.`,
        )
  }
  if (/dpkg was interrupted/i.test(output)) return new DeployError('dpkg-interrupted')
  return new DeployError(otherwise)
}
