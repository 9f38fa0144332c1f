import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AgentLab } from '../lab.ts'
import { openState } from '../state/state.ts'
import { runCommand } from './commands.ts'

let lab: AgentLab
beforeEach(async () => {
  lab = await AgentLab.open()
})
afterEach(() => lab[Symbol.asyncDispose]())

describe('the command line', () => {
  async function warder(...args: readonly string[]) {
    let [out, err] = ['', '']
    const exit = await runCommand([...args, '--socket', lab.socket], {
      print: (text) => (out += text),
      complain: (text) => (err += text),
      environment: {},
      isTerminal: false,
    })
    return { exit, out, err }
  }

  it('says how to start the agent when it is not running', async () => {
    const { exit, err } = await warder('status')
    expect(exit).toBe(3)
    expect(err).toContain('systemctl start warder-agent')
  })

  it.each([
    [['nothing']],
    [['ban']],
    [['ban', '203.0.113.1', '--for', 'ages']],
    [['ban', '203.0.113.1', '--loud']],
    [['unban']],
    [['unban', '203.0.113.1', '--all']],
    [['banned', 'a', 'b']],
    [['import-fail2ban', '--for', '1h']],
    [['import-fail2ban', '--shadow', '--for', 'ages']],
    [['import-fail2ban', '--shadow', '--stop']],
    [['enrol', 'nowhere', 'x']],
    [['enrol', 'wss://x', 'not-a-join']],
  ])('takes %j for wrong usage', async (args) => {
    const { exit, err } = await warder(...args)
    expect([exit, err.length > 0]).toEqual([2, true])
  })

  it.each([
    'run',
    'check',
    'enrol',
    'status',
    'banned',
    'ban',
    'unban',
    'reload',
    'regex',
    'replay',
    'import-fail2ban',
    'withdraw',
    'harden',
    'doctor',
  ])('explains %s', async (name) => {
    const { exit, out } = await warder(name, '--help')
    expect(exit).toBe(0)
    expect(out).toContain(`warder ${name}`)
    expect(out).toContain('Examples:')
    expect((await warder(name, '-h')).out).toBe(out)
  })

  it('tells its release, which is that of the package', async () => {
    const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string
    }
    expect((await warder('--version')).out).toBe(`warder ${manifest.version}\n`)
  })

  it('bans, shows and lifts', async () => {
    await lab.start()
    expect((await warder('ban', '203.0.113.9', '--for', '1h', '--reason', 'a test')).out).toBe(
      '203.0.113.9 is banned for 1h.\n',
    )
    expect(await lab.banned()).toEqual(['manual 203.0.113.9'])
    expect((await warder('banned', '203.0.113.9')).out).toMatch(
      /203\.0\.113\.9 +manual[^]*Banned once by manual so far/,
    )
    expect((await warder('banned', '203.0.113.0/24')).out).toContain('203.0.113.9')
    expect((await warder('banned', '203.0.113.8')).out).toBe('203.0.113.8 is not banned.\n')
    const { bans } = JSON.parse((await warder('banned', '--json')).out) as {
      bans: { ip: string; reason: string }[]
    }
    expect(bans).toMatchObject([{ ip: '203.0.113.9', reason: 'a test' }])
    expect((await warder('unban', '203.0.113.0/24')).out).toBe('1 ban is lifted.\n')
    expect((await warder('unban', '203.0.113.9')).out).toBe('203.0.113.9 was not banned.\n')
    expect((await warder('ban', '203.0.113.9', '--for', '-1', '--jail', 'door')).out).toBe(
      '203.0.113.9 is banned for ever.\n',
    )
    expect((await warder('unban', '--all')).out).toBe('1 ban is lifted.\n')
  })

  it.each([
    [['ban', '127.0.0.1'], 'loopback'],
    [['ban', '127.0.0.0/8'], 'loopback'],
    [['ban', 'example.com'], 'neither an address nor a subnet'],
    [['ban', '203.0.113.1', '--jail', 'nothing'], 'no running jail nothing'],
    [['unban', 'example.com'], 'neither an address'],
    [['banned', 'x y'], 'neither an address'],
    [['status', 'nothing'], 'no jail nothing'],
  ])('refuses %j and says why', async (args, words) => {
    await lab.start()
    const { exit, err } = await warder(...args)
    expect(exit).toBe(1)
    expect(err).toContain(words)
  })

  it('shows the node and a jail', async () => {
    await lab.start()
    await lab.attack('203.0.113.1')
    await lab.seen('ban.added')
    expect((await warder('status')).out).toMatch(/Node +pve1[^]*door +running +1/)
    expect((await warder('status', 'door')).out).toMatch(
      /Filter +door[^]*203\.0\.113\.1[^]*3 failed logins as root/,
    )
    expect(JSON.parse((await warder('status', 'door', '--json')).out)).toMatchObject({
      ok: true,
      jail: { name: 'door' },
    })
  })

  it('reads the configuration again; a jail that an edit breaks goes on, also after a restart', async () => {
    await lab.start()
    await lab.attack('203.0.113.1', 1)
    await lab.seen('failure.found')
    await lab.configure('maxretry2 = 5\nbantime = soon\n')
    const { exit, out, err } = await warder('reload')
    expect([exit, err.length > 0]).toEqual([0, true])
    expect(out).toContain('problem')
    await lab.stop()
    await lab.start()
    expect(lab.agent?.status().jails.find(({ name }) => name === 'door')).toMatchObject({ state: 'running' })
    await lab.attack('203.0.113.1', 2)
    await lab.seen('ban.added')
    await lab.configure('', false)
    expect((await warder('reload')).out).toBe('Read again.\n')
    await lab.seen('ban.lifted')
    expect(lab.kinds()).toContain('jail.stopped')
  })

  it('checks the configuration without acting', async () => {
    const file = join(lab.folder, 'agent.toml')
    await writeFile(
      file,
      `config_dir = "${lab.folder}/etc"\nstate_dir = "${lab.folder}/none"\nfirewall = "dry-run"\n`,
    )
    const good = await warder('check', '--config', file)
    expect([good.exit, good.err]).toEqual([0, ''])
    expect(good.out).toContain('Jails that would run: door')
    await lab.configure('bantime = soon\n')
    const bad = await warder('check', '--config', file)
    expect(bad.exit).toBe(1)
    expect(bad.err).toMatch(/jail\.local:\d+: jail door: .*bantime/)
    await writeFile(file, 'servr = "wss://x"\nfirewall = "iptables"\n')
    const worse = await warder('check', '--config', file)
    expect(worse.exit).toBe(1)
    expect(worse.err).toMatch(/firewall: [^]*servr/)
    await expect(readFile(join(lab.folder, 'none', 'state.db'))).rejects.toThrow('ENOENT')
  })

  it('enrols: greets the server once and writes it into the configuration', async () => {
    const file = join(lab.folder, 'agent.toml')
    await writeFile(
      file,
      `# mine\nstate_dir = "${lab.folder}/state"\nname = "pve7"\njoin = "${lab.server.join}"\n`,
    )
    const { exit, out } = await warder(
      'enrol',
      lab.server.url.replace('ws', 'http'),
      lab.server.join,
      '--config',
      file,
    )
    expect([exit, out]).toEqual([0, expect.stringContaining('This node is pve7 on http://127.0.0.1')])
    expect(await readFile(file, 'utf8')).toBe(
      `server = ${JSON.stringify(lab.server.url.replace('ws', 'http'))}\n# mine\nstate_dir = "${lab.folder}/state"\nname = "pve7"\n`,
    )
    const state = openState(join(lab.folder, 'state'), 0)
    expect(state.identity.serverKey()).toBe(lab.server.key)
    state.close()
    lab.server.manner = 'refuse'
    const before = await readFile(file, 'utf8')
    const refused = await warder('enrol', 'wss://127.0.0.1:1', lab.server.join, '--config', file)
    expect([refused.exit, refused.err]).toEqual([1, expect.stringContaining('cannot be reached')])
    expect(await readFile(file, 'utf8')).toBe(before)
  })
})
