import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Companion, run, until, type Outcome } from '../lab/command.ts'
import { debianPackage, PACKAGE } from './package.ts'

/** Why the real fail2ban cannot run here; null: it can. */
export function fail2banTrouble(): string | null {
  if (!existsSync('/usr/bin/python3')) return 'needs python3'
  return debianPackage() === null ? "needs Debian's package fail2ban" : null
}

/** A filter and an action that does nothing: bans of this server touch no firewall. */
const NOTHING = '[Definition]\nactionban =\nactionunban =\nactionstart =\nactionstop =\nactioncheck =\n'

/** Debian's own fail2ban-server with jails that only take notes, in a folder of its own. */
export class Fail2ban implements AsyncDisposable {
  readonly folder: string
  readonly #package: string
  #server: Companion | null = null

  private constructor(folder: string, unpacked: string) {
    this.folder = folder
    this.#package = unpacked
  }

  /** `jails`: the sections of its jail.conf; the logs that they name must be there. `filters` by name. */
  static async open(jails: string, filters: Readonly<Record<string, string>>): Promise<Fail2ban> {
    const unpacked = debianPackage()
    if (unpacked === null) throw new Error('there is no package of fail2ban')
    const real = new Fail2ban(await mkdtemp(join(tmpdir(), 'warder-f2b-')), unpacked)
    await mkdir(join(real.config, 'filter.d'), { recursive: true })
    await mkdir(join(real.config, 'action.d'))
    await writeFile(
      join(real.config, 'fail2ban.conf'),
      `[Definition]\nloglevel = INFO\nlogtarget = ${real.folder}/fail2ban.log\nsyslogsocket = auto\nallowipv6 = auto\n` +
        `socket = ${real.socket}\npidfile = ${real.folder}/f.pid\ndbfile = ${real.database}\ndbpurgeage = 1d\ndbmaxmatches = 10\n` +
        '[Thread]\nstacksize = 0\n',
    )
    await writeFile(
      join(real.config, 'jail.conf'),
      `[DEFAULT]\nbackend = polling\nusedns = no\nenabled = true\naction = nothing\n${jails}`,
    )
    await writeFile(join(real.config, 'action.d', 'nothing.conf'), NOTHING)
    for (const [name, text] of Object.entries(filters))
      await writeFile(join(real.config, 'filter.d', `${name}.conf`), text)
    return real
  }

  get config(): string {
    return join(this.folder, 'fail2ban')
  }

  get socket(): string {
    return join(this.folder, 'f.sock')
  }

  get database(): string {
    return join(this.folder, 'f.sqlite3')
  }

  async start(): Promise<void> {
    this.#server = new Companion(this.commandLine('fail2ban-server', ['-f', 'start']), this.environment())
    await until(
      `fail2ban (${this.#server.output})`,
      async () => (await this.client('ping')).code === 0,
      60_000,
    )
  }

  /** Runs the real fail2ban-client. */
  client(...words: readonly string[]): Promise<Outcome> {
    return run(this.commandLine('fail2ban-client', words), { env: this.environment() })
  }

  async stop(): Promise<void> {
    if (!this.#server) return
    await this.client('stop')
    await this.#server[Symbol.asyncDispose]()
    this.#server = null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** How one of its programs is called. */
  commandLine(program: string, words: readonly string[] = []): readonly string[] {
    const place = ['-c', this.config, '-s', this.socket, '-p', join(this.folder, 'f.pid')]
    return ['/usr/bin/python3', join(this.#package, 'usr', 'bin', program), ...place, ...words]
  }

  environment(): NodeJS.ProcessEnv {
    return { PYTHONPATH: join(this.#package, PACKAGE.library), PYTHONDONTWRITEBYTECODE: '1' }
  }
}
