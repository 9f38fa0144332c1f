import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readConfiguration } from '@warder/conf'
import { systemClock } from '@warder/daemon'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toAgentConfig } from '../config/load.ts'
import { machineSources } from '../source/machine.ts'
import { readFail2ban } from './files.ts'
import { Settings } from './settings.ts'

const run = promisify(execFile)

/** Debian's package unpacked, or null where it cannot be had (no apt, no network). */
async function unpack(into: string): Promise<string | null> {
  try {
    await run('apt-get', ['download', 'fail2ban'], { cwd: into, timeout: 20_000 })
    const [file] = (await readdir(into)).filter((name) => name.endsWith('.deb'))
    if (file === undefined) return null
    await run('dpkg-deb', ['-x', file, 'x'], { cwd: into })
    return join(into, 'x', 'etc', 'fail2ban')
  } catch {
    return null
  }
}

const packaged = await mkdtemp(join(tmpdir(), 'warder-debian-'))
await chmod(packaged, 0o777)
const stock = await unpack(packaged)
afterAll(() => rm(packaged, { recursive: true, force: true }))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-fail2ban-'))
  await mkdir(join(folder, 'f2b', 'jail.d'), { recursive: true })
  await mkdir(join(folder, 'f2b', 'filter.d'))
  await mkdir(join(folder, 'own'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = (path: string, text: string) => writeFile(join(folder, path), text)
const load = (fail2ban: string) =>
  new Settings({
    config: toAgentConfig({ config_dir: join(folder, 'own'), pve_dir: folder, fail2ban_config: fail2ban }),
    clock: systemClock,
    sources: {
      ...machineSources(systemClock),
      journalTrouble: async () => null,
      journalHas: async () => true,
    },
    lastGood: [],
    wanted: { revision: 0, jails: {} },
  }).load()

describe('fail2ban_config', () => {
  it('reads what its files include, wherever in the folder it lies', async () => {
    await mkdir(join(folder, 'f2b', 'local'))
    await write(
      'f2b/jail.local',
      `[INCLUDES]\nbefore = local/first.conf\n  nowhere.conf\nafter = q.inc\n[shop]\nenabled = true\nfilter = shop\nlogpath = ${folder}/shop.log\n`,
    )
    await write('f2b/local/first.conf', '[INCLUDES]\nbefore = second.txt\n[DEFAULT]\nmaxretry = 9\n')
    await write('f2b/local/second.txt', '[DEFAULT]\nfindtime = 7\n')
    await write('f2b/q.inc', '[shop]\nbantime = 11\n')
    await write(
      'f2b/filter.d/shop.conf',
      '[INCLUDES]\nbefore = ../local/shared.inc\n[Definition]\nfailregex = %(shared)s\n',
    )
    await write('f2b/local/shared.inc', '[DEFAULT]\nshared = ^bad <HOST>$\n')
    await write('shop.log', '')
    const { layer, problems } = await readFail2ban(join(folder, 'f2b'))
    expect(problems).toEqual([])
    const { jails } = readConfiguration([layer])
    expect(jails[0]).toMatchObject({
      settings: { maxretry: 9, findtime: 7, bantime: 11 },
      filter: { failregex: ['^bad <HOST>$'] },
    })
  })

  it('runs what an installation runs, and names what is not supported', async () => {
    const jail = `[shop]\nenabled = true\nlogpath = ${folder}/shop.log\nport = http\naction = nftables[type=allports]\n  mail-whois\n`
    await write('f2b/jail.local', jail)
    await write('f2b/filter.d/shop.conf', '[Definition]\nfailregex = ^bad <HOST>$\n')
    await write('shop.log', '')
    const { jails, problems } = await load(join(folder, 'f2b'))
    expect(jails.find(({ name }) => name === 'shop')).toMatchObject({
      state: 'running',
      ports: 'all ports',
      sources: [`${folder}/shop.log`],
    })
    expect(problems.join('\n')).toMatch(
      /^warning: .*f2b\/jail\.local:5: jail shop: action 'mail-whois' is not/m,
    )
  })

  it('reads what is dropped in below a filter, at the depth where fail2ban looks for it, and nothing else', async () => {
    await mkdir(join(folder, 'f2b', 'filter.d', 'shop.d'))
    await mkdir(join(folder, 'f2b', 'other'))
    await write('f2b/other/x.conf', 'x')
    await write('f2b/jail.local', `[shop]\nenabled = true\nlogpath = ${folder}/shop.log\nfilter = shop\n`)
    await write('f2b/filter.d/shop.conf', '[Definition]\nword = bad\nfailregex = ^%(word)s <HOST>$\n')
    await write('f2b/filter.d/shop.d/a.conf', '[Definition]\nword = worse\n')
    await write('f2b/filter.d/shop.d/b.local', '[Definition]\nword = worst\n')
    await write('f2b/filter.d/shop.local', '[Definition]\nword = bad, really\n')
    await write('shop.log', '')
    const { layer } = await readFail2ban(join(folder, 'f2b'))
    expect([...layer.files.keys()]).not.toContain('other/x.conf')
    const { planned } = await load(join(folder, 'f2b'))
    const shop = planned.engine.jails.find(({ jail }) => jail.definition.name === 'shop')
    expect(shop?.jail.definition.filter.failregex).toEqual(['^worst <HOST>$'])
  })

  it('says in which file and line an expression is that cannot be compiled; the other jails run', async () => {
    const jail = (name: string) =>
      `[${name}]\nenabled = true\nlogpath = ${folder}/shop.log\nfilter = ${name}\n`
    await write('f2b/jail.local', `no section yet\n${jail('shop')}${jail('till')}`)
    await write('f2b/filter.d/shop.conf', '[Definition]\n\nfailregex = ^(bad <HOST>$\n')
    await write('f2b/filter.d/till.conf', '[Definition]\nfailregex = ^bad <HOST>$\n')
    await write('shop.log', '')
    const { jails, problems } = await load(join(folder, 'f2b'))
    expect(problems.join('\n')).toContain(
      `error: ${folder}/f2b/filter.d/shop.conf:3: jail shop: filter shop: failregex "^(bad <HOST>$": `,
    )
    expect(problems.join('\n')).toContain(`error: ${folder}/f2b/jail.local:1: 'no section yet'`)
    expect(jails.find(({ name }) => name === 'shop')?.state).toBe('failed')
    expect(jails.find(({ name }) => name === 'till')?.state).toBe('running')
  })

  it('leaves a jail alone that is off there, also one that is shipped, until /etc/warder switches it on', async () => {
    await write('f2b/jail.local', '[sshd]\nenabled = false\nfilter = sshd\n')
    await write('f2b/filter.d/sshd.conf', '[Definition]\nfailregex = ^bad <HOST>$\n')
    const stateOf = async () =>
      (await load(join(folder, 'f2b'))).jails.find(({ name }) => name === 'sshd')?.state
    expect(await stateOf()).toBe('disabled')
    await write('own/jail.local', `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${folder}/shop.log\n`)
    await write('shop.log', '')
    expect(await stateOf()).toBe('running')
  })

  it('names what cannot be read and goes on with the rest', async () => {
    await write('f2b/jail.local', '[shop]\nenabled = true\n')
    await write('f2b/jail.d/big.conf', '#'.repeat(1_100_000))
    await symlink('nowhere', join(folder, 'f2b', 'jail.d', 'gone.conf'))
    const { layer, problems } = await readFail2ban(join(folder, 'f2b'))
    expect([...layer.files.keys()]).toEqual(['jail.local'])
    expect(problems.join('\n')).toMatch(/big\.conf: is larger[^]*gone\.conf: cannot be read/)
  })

  it('reads what is not in UTF-8, and says that fail2ban does not', async () => {
    await write('f2b/jail.conf', '# caf\u00e9\n[shop]\nenabled = true\n')
    await writeFile(
      join(folder, 'f2b', 'jail.local'),
      Buffer.from('# caf\u00e9\n[shop]\nmaxretry = 2\n', 'latin1'),
    )
    const { layer, problems } = await readFail2ban(join(folder, 'f2b'))
    expect(layer.files.get('jail.local')).toContain('maxretry = 2')
    expect(problems).toEqual([expect.stringMatching(/^warning: \S+jail\.local: is not in UTF-8/)])
  })

  it('says so when there is nothing', async () => {
    const { problems } = await readFail2ban(join(folder, 'nowhere'))
    expect(problems.join()).toContain('nothing is taken over')
    expect((await load(join(folder, 'nowhere'))).jails.map(({ name }) => name)).toContain('sshd')
  })
})

const title = "with Debian's own package"
describe.skipIf(stock === null)(
  stock === null ? `${title} (skipped: cannot be downloaded here)` : title,
  () => {
    it('runs sshd as Debian does, and the shipped jails beside it', async () => {
      const { jails, planned, problems } = await load(stock ?? '')
      expect(problems.filter((problem) => problem.startsWith('error'))).toEqual([])
      expect(jails.filter(({ state }) => state === 'running').map(({ name }) => name)).toContain('sshd')
      const sshd = planned.engine.jails.find(({ jail }) => jail.definition.name === 'sshd')?.jail.definition
      expect(sshd?.logpath).toEqual(['/var/log/auth.log'])
      expect(sshd?.filter.failregex.join()).toContain('<HOST>')
      const proxmox = planned.engine.jails.find(({ jail }) => jail.definition.name === 'proxmox')
      expect(proxmox?.jail.definition.filter.failregex.join()).toContain('openid')
    })

    it('either runs each of its jails or says why not', async () => {
      await write('own/jail.local', '[DEFAULT]\nenabled = true\n')
      const { jails, problems } = await load(stock ?? '')
      const told = problems.join('\n')
      const silent = jails.filter(({ state, name }) => state === 'failed' && !told.includes(`jail ${name}: `))
      expect(silent).toEqual([])
      expect(jails.filter(({ state }) => state !== 'failed').length).toBeGreaterThan(70)
    })
  },
)
