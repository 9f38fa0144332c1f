import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../../apps/agent/src/cli/commands.ts'
import { AgentLab } from '../../apps/agent/src/lab.ts'
import type { Outcome } from '../lab/command.ts'
import { Fail2ban } from './server.ts'

const MAIN = fileURLToPath(new URL('../../apps/agent/src/main.ts', import.meta.url))
const DOOR =
  '[Definition]\nfailregex = ^\\s*bad login of <F-USER>\\S+</F-USER> from <ADDR>$\nignoreregex = ^never mind\n'
const SHOP = '[Definition]\nfailregex = ^bad shop from <ADDR>$\n            ^worse shop from <ADDR>$\n'

/** The same jails for both, over the same logs. */
const jails = (folder: string): string =>
  `[door]\nfilter = door\nlogpath = ${folder}/door.log\nmaxretry = 3\nmaxmatches = 5\nfindtime = 600\nbantime = 600\nignoreip = 198.51.100.9/24\n` +
  `[shop]\nfilter = shop\nlogpath = ${folder}/shop.log\n  ${folder}/shop2.log\nmaxretry = 3\nfindtime = 600\nbantime = -1\n`

/** The real fail2ban and an agent with the same jails. */
export class Beside implements AsyncDisposable {
  readonly lab: AgentLab
  readonly real: Fail2ban

  private constructor(lab: AgentLab, real: Fail2ban) {
    this.lab = lab
    this.real = real
  }

  static async open(): Promise<Beside> {
    const lab = await AgentLab.open()
    await writeFile(join(lab.folder, 'etc', 'filter.d', 'door.conf'), DOOR)
    await writeFile(join(lab.folder, 'etc', 'filter.d', 'shop.conf'), SHOP)
    for (const name of ['door.log', 'shop.log', 'shop2.log']) await writeFile(join(lab.folder, name), '')
    const off = ['sshd', 'proxmox', 'warder'].map((name) => `[${name}]\nenabled = false\n`).join('')
    const forUs = jails(lab.folder).replaceAll(
      /^filter = /gm,
      'enabled = true\nbackend = polling\nusedns = no\nfilter = ',
    )
    await writeFile(join(lab.folder, 'etc', 'jail.local'), off + forUs)
    const { server: _, join: __, ...alone } = lab.config()
    await lab.start(alone)
    const real = await Fail2ban.open(jails(lab.folder), { door: DOOR, shop: SHOP })
    await real.start()
    return new Beside(lab, real)
  }

  theirs(...words: readonly string[]): Promise<Outcome> {
    return this.real.client(...words)
  }

  /** `warder client` inside of this process. */
  async ours(...words: readonly string[]): Promise<Outcome> {
    let [stdout, stderr] = ['', '']
    const around = { print: (text: string) => (stdout += text), complain: (text: string) => (stderr += text) }
    const code = await runCommand(['client', '-s', this.lab.socket, ...words], {
      ...around,
      environment: {},
      isTerminal: false,
    })
    return { code, stdout, stderr }
  }

  both(words: readonly string[]): Promise<readonly [theirs: Outcome, ours: Outcome]> {
    return Promise.all([this.theirs(...words), this.ours(...words)])
  }

  /** Folders with a `fail2ban-client` for scripts that look for it on the path: the real one, and the agent's program under its name. */
  async paths(): Promise<Readonly<Record<'theirs' | 'ours', NodeJS.ProcessEnv>>> {
    const link = join(this.lab.folder, 'bin', 'fail2ban-client')
    await mkdir(join(link, '..'))
    await symlink(MAIN, link)
    const flags = '--disable-warning=ExperimentalWarning'
    const ours = await this.#program('ours', [process.execPath, flags, link, '-s', this.lab.socket])
    const theirs = await this.#program('theirs', this.real.commandLine('fail2ban-client'))
    return {
      ours: { PATH: `${ours}:${process.env['PATH'] ?? ''}` },
      theirs: { ...this.real.environment(), PATH: `${theirs}:${process.env['PATH'] ?? ''}` },
    }
  }

  async #program(name: string, command: readonly string[]): Promise<string> {
    const folder = join(this.lab.folder, name)
    await mkdir(folder)
    const line = command.map((word) => `'${word}'`).join(' ')
    await writeFile(join(folder, 'fail2ban-client'), `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o755 })
    return folder
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab[Symbol.asyncDispose]()
    await this.real[Symbol.asyncDispose]()
  }
}
