import { join } from 'node:path'
import type { SlowFile } from '../settings/slow-file.ts'

/** How a program ended: its exit status, null where it could not be run or took too long, and what it printed. */
export interface Ran {
  readonly code: number | null
  readonly output: string
}

/** Where the system is, and who runs its programs. */
export interface Places {
  /** `/`; a folder with a system's files in tests. */
  readonly root: string
  /** Where it is kept what was changed. */
  readonly records: string
  /** What Proxmox keeps of its firewall in its cluster file system. */
  readonly pve: { readonly cluster: Pick<SlowFile, 'read'>; readonly host: Pick<SlowFile, 'read'> }
  /** Runs a program with its arguments, never a shell. Never rejects. */
  readonly run: (argv: readonly [string, ...string[]]) => Promise<Ran>
}

export const JOURNALD_FOLDER = 'etc/systemd/journald.conf.d'
export const JOURNAL_STORE = 'var/log/journal'
export const SSHD_MAIN = 'etc/ssh/sshd_config'
export const SSHD_DROP_IN = 'etc/ssh/sshd_config.d/00-warder.conf'

/** A path inside the system. One that is inside already stays, as an Include of a test's own system names it. */
export const inside = ({ root }: Places, path: string): string =>
  path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`) ? path : join(root, path)
