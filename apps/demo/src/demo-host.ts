import type { Host } from '@warder/agent'
import { JOURNAL, type LogLine } from '@warder/core'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What each machine's settings are like. The journal of one drops what is below warning, as some scripts leave it. */
const filesOf = (isLowered: boolean): Readonly<Record<string, string>> => ({
  'etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie\n',
  'etc/apt/sources.list': 'deb http://deb.debian.org/debian trixie main\n',
  'etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n',
  'etc/systemd/journald.conf': '[Journal]\n',
  'usr/bin/pveversion': '',
  'var/log/journal/README': '',
  ...(isLowered
    ? { 'etc/systemd/journald.conf.d/post-install.conf': '[Journal]\nMaxLevelStore=warning\n' }
    : {}),
})

interface Machine {
  /** A folder for the files of the machine. */
  readonly folder: string
  readonly isLowered: boolean
  readonly write: (line: LogLine) => void
}

/** A made-up machine: what a demonstration does to settings and logs it does to none that is real. */
export async function demoHost({ folder, isLowered, write }: Machine): Promise<Host> {
  const root = join(folder, 'root')
  for (const [path, text] of Object.entries(filesOf(isLowered))) {
    await mkdir(join(root, dirname(path)), { recursive: true })
    // What was changed before a restart of the agent stays.
    await writeFile(join(root, path), text, { flag: 'wx' }).catch(() => {})
  }
  return {
    places: {
      root,
      records: join(folder, 'hardening'),
      pve: {
        cluster: { read: async () => '[OPTIONS]\nenable: 1\n' },
        host: { read: async () => '[OPTIONS]\nnftables: 1\n' },
      },
      run: async (argv) =>
        argv.join(' ') === 'systemctl is-active fail2ban.service'
          ? { code: 3, output: 'inactive' }
          : { code: 0, output: argv[0] === 'timedatectl' ? 'NTP=yes\nNTPSynchronized=yes' : '' },
    },
    socket: null,
    write: async (source, { asRead }) =>
      write({ ...asRead, source: source === JOURNAL ? JOURNAL : asRead.source }),
    look: async (services) => ({
      units: new Map(
        services.map((id) => [id, { id, isThere: true, isActive: true, processes: [{ pid: 2, comm: '' }] }]),
      ),
      users: new Set([0, 33, 34]),
    }),
  }
}
