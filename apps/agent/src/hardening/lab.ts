import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { systemClock } from '@warder/daemon'
import { Hardener } from './hardener.ts'
import type { Places, Ran } from './places.ts'
import { runProgram } from './run.ts'

/**
 * The files of a system in a folder, with the real sshd to test its configuration. What systemctl, timedatectl and
 * journalctl would do to this machine is noted instead. Only for tests.
 */
export class SystemLab implements AsyncDisposable {
  readonly root: string
  readonly outside: string
  /** What was asked of the services. */
  readonly asked: string[] = []
  /** What programs answer in place of success, by their command line. */
  readonly answers = new Map<string, Ran>()
  readonly hardener: Hardener

  private constructor(root: string, outside: string) {
    this.root = root
    this.outside = outside
    this.answers.set('systemctl is-active fail2ban.service', { code: 3, output: 'inactive' })
    this.hardener = new Hardener(this.places(), systemClock)
  }

  static async open(): Promise<SystemLab> {
    const root = await mkdtemp(join(tmpdir(), 'warder-system-'))
    const lab = new SystemLab(root, await mkdtemp(join(tmpdir(), 'warder-records-')))
    await lab.write('etc/os-release', 'ID=debian\nVERSION_CODENAME=trixie\n')
    await lab.write('etc/apt/sources.list', 'deb http://deb.debian.org/debian trixie main contrib\n')
    await lab.write('etc/systemd/journald.conf', '[Journal]\n#MaxLevelStore=debug\n')
    await mkdir(join(root, 'var/log/journal'), { recursive: true })
    await lab.hostKey()
    await lab.sshd()
    await mkdir(join(root, 'etc/ssh/sshd_config.d'), { recursive: true })
    return lab
  }

  places(): Places {
    const pve = (path: string) => ({ read: () => readFile(join(this.root, path), 'utf8').catch(() => null) })
    return {
      root: this.root,
      records: join(this.outside, 'hardening'),
      pve: { cluster: pve('etc/pve/cluster.fw'), host: pve('etc/pve/host.fw') },
      run: async (argv) => {
        if (argv[0] === '/usr/sbin/sshd') return runProgram(argv)
        const line = argv.join(' ')
        if (/restart|reload|flush/.test(line)) this.asked.push(line)
        const timedatectl = line.startsWith('timedatectl') ? 'NTP=yes\nNTPSynchronized=yes' : ''
        return this.answers.get(line) ?? { code: 0, output: timedatectl }
      },
    }
  }

  async write(path: string, text: string, mode = 0o644): Promise<void> {
    const place = join(this.root, path)
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, text)
    await chmod(place, mode)
  }

  text(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8')
  }

  /** sshd's configuration as Debian ships it, or without drop-ins. */
  sshd(more = '', includes = true): Promise<void> {
    const include = includes ? `Include ${this.root}/etc/ssh/sshd_config.d/*.conf\n` : ''
    return this.write('etc/ssh/sshd_config', `${include}HostKey ${this.root}/etc/ssh/key\n${more}`, 0o600)
  }

  async hostKey(): Promise<void> {
    await mkdir(join(this.root, 'etc/ssh'), { recursive: true })
    const made = await runProgram([
      'ssh-keygen',
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-f',
      join(this.root, 'etc/ssh/key'),
    ])
    if (made.code !== 0) throw new Error(made.output)
  }

  async state(id: string): Promise<string> {
    return (await this.hardener.list()).find((finding) => finding.id === id)?.state ?? 'missing'
  }

  /** Every file and folder with its mode and content. */
  async inventory(folder = this.root): Promise<string[]> {
    const found: string[] = []
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      const { mode, uid, gid } = await lstat(path)
      const content = entry.isFile() ? await readFile(path, 'base64') : ''
      found.push(`${relative(this.root, path)} ${mode} ${uid} ${gid} ${content}`)
    }
    return found.toSorted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true })
    await rm(this.outside, { recursive: true })
  }
}
