import { appendFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../apps/agent/src/cli/commands.ts'
import { AgentLab } from '../../apps/agent/src/lab.ts'
import { Fail2ban, fail2banTrouble } from '../fail2ban/server.ts'
import { run, until } from '../lab/command.ts'

const trouble = fail2banTrouble()
const script = await scriptOfSme()
const MAIN = fileURLToPath(new URL('../../apps/agent/src/main.ts', import.meta.url))
const DOOR =
  '[Definition]\nfailregex = ^\\s*bad login of <F-USER>\\S+</F-USER> from <ADDR>$\nignoreregex = ^never mind\n'
const SHOP = '[Definition]\nfailregex = ^bad shop from <ADDR>$\n            ^worse shop from <ADDR>$\n'

/** The same jails for both, over the same logs. */
const jails = (folder: string): string =>
  `[door]\nfilter = door\nlogpath = ${folder}/door.log\nmaxretry = 3\nmaxmatches = 5\nfindtime = 600\nbantime = 600\nignoreip = 198.51.100.0/24\n` +
  `[shop]\nfilter = shop\nlogpath = ${folder}/shop.log\n  ${folder}/shop2.log\nmaxretry = 3\nfindtime = 600\nbantime = -1\n`

/** `fail2ban-client` as found on the path: the agent's program under another name. */
async function install(folder: string, socket: string): Promise<string> {
  const bin = join(folder, 'bin')
  await mkdir(join(bin, 'real'), { recursive: true })
  const link = join(bin, 'real', 'fail2ban-client')
  await symlink(MAIN, link)
  const start = `exec ${process.execPath} --disable-warning=ExperimentalWarning ${link} -s ${socket} "$@"`
  await writeFile(join(bin, 'fail2ban-client'), `#!/bin/sh\n${start}\n`, { mode: 0o755 })
  return bin
}

/** The script of the page about SME Server, whose line breaks were lost when it was copied. */
async function scriptOfSme(): Promise<string | null> {
  const sources = process.env['WARDER_SOURCES'] ?? ''
  const page = await readFile(join(sources, '5-sme-server-contrib.txt'), 'utf8').catch(() => '')
  const [whole] = /#!\/bin\/bash #lancer.* done$/m.exec(page) ?? []
  return whole === undefined
    ? null
    : whole.replace(
        /^(#!\S+) (#.*?sudo) (JAILS=.*?) (for j in \$JAILS) do (.*) done$/,
        '$1\n$2\n$3\n$4\ndo\n$5\ndone\n',
      )
}

describe.skipIf(trouble)(`commands of fail2ban-client${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: AgentLab
  let real: Fail2ban

  beforeAll(async () => {
    lab = await AgentLab.open()
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
    real = await Fail2ban.open(jails(lab.folder), { door: DOOR, shop: SHOP })
    await real.start()
  }, 120_000)
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
    await real?.[Symbol.asyncDispose]()
  }, 60_000)

  async function ours(...words: readonly string[]) {
    let [out, err] = ['', '']
    const around = { print: (text: string) => (out += text), complain: (text: string) => (err += text) }
    const code = await runCommand(['client', '-s', lab.socket, ...words], {
      ...around,
      environment: {},
      isTerminal: false,
    })
    return { code, out, err }
  }

  /** Times differ by what passes between the two, and expressions are shown with their tags here. */
  const normal = (text: string): string =>
    text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>').replaceAll(/(\[\d\]: ).*/g, '$1…')

  async function same(words: readonly string[]): Promise<void> {
    const [theirs, mine] = [await real.client(...words), await ours(...words)]
    expect({ words, code: mine.code, out: normal(mine.out) }).toEqual({
      words,
      code: theirs.code,
      out: normal(theirs.stdout),
    })
  }

  it('are answered as fail2ban answers them, one after the other', async () => {
    const steps: readonly (readonly string[])[] = [
      ['ping'],
      ['status'],
      ['status', 'door'],
      ['status', 'shop'],
      ['status', 'nowhere'],
      ['set', 'door', 'banip', '203.0.113.1', '203.0.113.2'],
      ['set', 'door', 'banip', '203.0.113.2'],
      ['set', 'shop', 'banip', '203.0.113.9', '2001:db8::1', '203.0.113.64/28'],
    ]
    for (const words of steps) await same(words)
    // The server of fail2ban notes bans that are asked for beside its answer.
    await until('the bans', async () =>
      (await real.client('status', 'shop')).stdout.includes('203.0.113.64/28'),
    )
    const more: readonly (readonly string[])[] = [
      ['status', 'door'],
      ['status', 'shop'],
      ['status', 'door', 'short'],
      ['banned'],
      ['banned', '203.0.113.1'],
      ['banned', '203.0.113.1', '203.0.113.9', '192.0.2.4'],
      ['get', 'shop', 'banip', '--with-time'],
      ['get', 'door', 'banned'],
      ['get', 'door', 'banned', '203.0.113.1'],
      ['get', 'door', 'banned', '203.0.113.1', '192.0.2.1'],
      ...[
        'bantime',
        'findtime',
        'maxretry',
        'ignoreip',
        'failregex',
        'ignoreregex',
        'logpath',
        'journalmatch',
      ].map((what) => ['get', 'door', what]),
      ...[
        'usedns',
        'maxlines',
        'ignoreself',
        'ignorecommand',
        'datepattern',
        'logencoding',
        'maxmatches',
      ].map((what) => ['get', 'door', what]),
      ...['failregex', 'ignoreregex', 'logpath', 'bantime', 'ignoreip'].map((what) => ['get', 'shop', what]),
      ['get', 'nowhere', 'bantime'],
      ['set', 'nowhere', 'bantime', '3'],
      ['get', 'door', 'nothing'],
      ['set', 'door', 'maxretry', '5'],
      ['get', 'door', 'maxretry'],
      ['set', 'door', 'bantime', '1h'],
      ['get', 'door', 'bantime'],
      ['set', 'door', 'findtime', '20m'],
      ['get', 'door', 'findtime'],
      ['set', 'door', 'addignoreip', '192.0.2.7'],
      ['get', 'door', 'ignoreip'],
      ['set', 'door', 'delignoreip', '198.51.100.0/24'],
      ['set', 'door', 'delignoreip', '192.0.2.7'],
      ['set', 'door', 'unbanip', '203.0.113.1'],
      ['set', 'door', 'unbanip', '192.0.2.99'],
      ['set', 'door', 'unbanip', '--report-absent', '192.0.2.99'],
      ['unban', '203.0.113.9'],
      ['unban', '192.0.2.99'],
      ['unban'],
      ['status', 'shop'],
      ['unban', '--all'],
      ['banned'],
      ['nonsense'],
      ['reload'],
      ['get', 'door', 'maxretry'],
      ['get', 'door', 'ignoreip'],
      ['echo', 'all', 'well'],
      ['-q', 'status'],
      ['-x', 'ping'],
      ['stop', 'shop'],
      ['status'],
      ['--str2sec', '1h30'],
    ]
    for (const words of more) await same(words)
  }, 180_000)

  it('count failures and bans from logs alike', async () => {
    await Promise.all([real.client('reload'), ours('reload')])
    await Promise.all([real.client('unban', '--all'), ours('unban', '--all')])
    const attack = `${new Date().toISOString()} bad login of root from 203.0.113.77\n`
    await appendFile(join(lab.folder, 'door.log'), attack.repeat(2))
    const both = (words: readonly string[]) => Promise.all([real.client(...words), ours(...words)])
    const seen = async (text: string) => {
      const [theirs, mine] = await both(['status', 'door'])
      return theirs.stdout.includes(text) && mine.out.includes(text)
    }
    await until('the failures', () => seen('Currently failed:\t1'))
    await appendFile(join(lab.folder, 'door.log'), attack)
    await until('the ban', () => seen('Banned IP list:\t203.0.113.77'))
    const [theirs, mine] = await both(['status', 'door'])
    // What was banned by hand before counts too; a restart of a jail makes fail2ban forget it.
    const counted = (text: string): string => text.replace(/(Total banned:\t)\d+/, '$1…')
    expect(counted(mine.out)).toBe(counted(theirs.stdout))
    expect(mine.out).toContain('Total failed:\t3')
  }, 60_000)

  const unread = script === null ? ' (needs WARDER_SOURCES)' : ''
  it.skipIf(script === null)(
    `are found by a script under the name fail2ban-client${unread}`,
    async () => {
      const bin = await install(lab.folder, lab.socket)
      await ours('reload')
      await ours('set', 'door', 'banip', '203.0.113.1', '203.0.113.2')
      const file = join(lab.folder, 'checklist_ban')
      await writeFile(file, script ?? '', { mode: 0o755 })
      const done = await run([file], { env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } })
      const counts = done.stdout.split('\n').map((line) => line.trim().split(/\s+/))
      for (const jail of ['door', 'shop']) {
        const banned = (await lab.banned()).filter((ban) => ban.startsWith(jail)).length
        expect(counts).toContainEqual([jail, String(banned)])
      }
      const theirs = join(lab.folder, 'theirs')
      await mkdir(theirs)
      await writeFile(
        join(theirs, 'fail2ban-client'),
        `#!/bin/sh\nexec ${real
          .commandLine('fail2ban-client')
          .map((word) => `'${word}'`)
          .join(' ')} "$@"\n`,
        { mode: 0o755 },
      )
      const env = { ...real.environment(), PATH: `${theirs}:${process.env['PATH'] ?? ''}` }
      const original = await run([file], { env })
      const figures = (text: string): string => text.replaceAll(/\d+/g, 'n')
      expect(figures(done.stdout)).toBe(figures(original.stdout))
    },
    120_000,
  )
})
