import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLogger, ManualClock, systemClock, type Clock } from '@warder/daemon'
import type { OutboxEvent } from '@warder/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeAgent, type Agent } from './agent.ts'
import { runCommand } from './cli/commands.ts'
import { toAgentConfig } from './config/load.ts'
import { MemoryFirewall } from './firewall/memory.ts'
import { LabServer } from './link/lab.ts'
import { openState } from './state/state.ts'
import { VERSION } from './version.ts'

const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })

let folder: string
let server: LabServer
let clock: Clock
let firewall: MemoryFirewall
let agent: Agent | null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-agent-'))
  await mkdir(join(folder, 'etc', 'filter.d'), { recursive: true })
  await writeFile(
    join(folder, 'etc', 'filter.d', 'door.conf'),
    '[Definition]\nfailregex = ^bad login of <F-USER>\\S+</F-USER> from <HOST>$\n',
  )
  await writeFile(join(folder, 'etc', 'jail.local'), jails())
  await writeFile(join(folder, 'door.log'), '')
  server = await LabServer.start()
  clock = systemClock
  firewall = new MemoryFirewall(clock)
  agent = null
})
afterEach(async () => {
  await agent?.[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Only the jail `door`; the shipped ones are off, so that nothing depends on the machine. */
const jails = (more = '') =>
  ['sshd', 'proxmox', 'warder'].map((name) => `[${name}]\nenabled = false\n`).join('') +
  `[door]\nenabled = true\nfilter = door\nbackend = polling\nlogpath = ${folder}/door.log\nmaxretry = 3\nport = 22\n${more}`

const configOf = (more: object = {}) =>
  toAgentConfig({
    server: server.url,
    join: server.join,
    name: 'pve1',
    cluster: 'vault',
    state_dir: join(folder, 'state'),
    config_dir: join(folder, 'etc'),
    socket: join(folder, 'run', 'agent.sock'),
    pve_dir: folder,
    ...more,
  })

async function start(more: object = {}): Promise<Agent> {
  agent = makeAgent({ config: configOf(more), clock, log, firewall })
  await agent.start()
  return agent
}

const stop = async () => {
  await agent?.[Symbol.asyncDispose]()
  agent = null
}

const attack = (ip: string, times = 3) =>
  appendFile(
    join(folder, 'door.log'),
    Array.from({ length: times }, () => `bad login of root from ${ip}\n`).join(''),
  )
const kinds = () => server.history.map(({ event }) => event.kind)
const seen = (kind: OutboxEvent['event']['kind']) => server.until(() => kinds().includes(kind))
const bannedNow = async () => (await firewall.list()).map(({ jail, ip }) => `${jail} ${ip}`).toSorted()

describe('an agent', () => {
  it('bans who fails too often and tells the server all of it, in order', async () => {
    const running = await start()
    await attack('203.0.113.1')
    await seen('ban.added')
    expect(kinds()).toEqual([
      'agent.started',
      'jail.started',
      ...Array.from({ length: 3 }, () => 'failure.found'),
      'ban.added',
    ])
    expect(await bannedNow()).toEqual(['door 203.0.113.1'])
    expect(server.hellos[0]).toMatchObject({ name: 'pve1', cluster: 'vault', agent: VERSION })
    expect(server.gap).toBeNull()
    const door = running.status().jails.find(({ name }) => name === 'door')
    expect(door).toMatchObject({
      state: 'running',
      activeBans: 1,
      sources: [join(folder, 'door.log')],
      ports: 'tcp 22',
    })
    await server.until(() => server.statuses.some(({ activeBans }) => activeBans === 1))
  })

  it('works without a server', async () => {
    const { server: _, join: __, ...alone } = configOf()
    agent = makeAgent({ config: alone, clock, log, firewall })
    await agent.start()
    await attack('203.0.113.1')
    await expect.poll(bannedNow).toEqual(['door 203.0.113.1'])
  })

  it('goes on over a restart: counts, bans and what the server has not read', async () => {
    await server[Symbol.asyncDispose]()
    await start()
    await attack('203.0.113.1')
    await attack('203.0.113.2', 2)
    await expect.poll(bannedNow).toEqual(['door 203.0.113.1'])
    await stop()
    await attack('203.0.113.2', 1)
    server = await LabServer.start()
    await start()
    await seen('ban.added')
    await server.until(() => kinds().filter((kind) => kind === 'ban.added').length === 2)
    expect(await bannedNow()).toEqual(['door 203.0.113.1', 'door 203.0.113.2'])
    expect(kinds().filter((kind) => kind === 'failure.found').length).toBe(6)
    expect(server.gap).toBeNull()
  })

  it('carries out orders of the server and answers them', async () => {
    await start()
    await server.until(() => server.statuses.length > 0)
    const order = {
      kind: 'ban',
      id: 'o1',
      ip: '198.51.100.0/24',
      jail: 'manual',
      bantime: 60,
      by: 'alice',
      expiresAt: clock.now() + 60_000,
    } as const
    server.send({ kind: 'order', order })
    await seen('order.finished')
    expect(await bannedNow()).toEqual(['manual 198.51.100.0/24'])
    server.send({
      kind: 'order',
      order: { kind: 'lift', id: 'o2', ip: null, jail: null, by: 'alice', issuedAt: clock.now() },
    })
    await seen('ban.lifted')
    expect(await bannedNow()).toEqual([])
  })

  it('applies settings of the server, keeps them over a restart without it, and refuses what cannot be', async () => {
    server.settings = { revision: 7, jails: { door: { maxretry: 1 } } }
    const first = await start()
    await seen('settings.applied')
    expect(first.status().revision).toBe(7)
    server.send({
      kind: 'settings',
      settings: { revision: 8, jails: { door: { maxretry: 2 }, nothing: { enabled: true } } },
    })
    await server.until(() => kinds().filter((kind) => kind === 'settings.applied').length === 2)
    await writeFile(
      join(folder, 'etc', 'jail.local'),
      `${jails()}[blind]\nbackend = systemd\nfilter = door\nenabled = false\nlogpath =\n`,
    )
    await stop()
    await server[Symbol.asyncDispose]()
    const second = await start()
    expect(second.status().revision).toBe(8)
    expect(second.status().jails.find(({ name }) => name === 'door')?.effective.maxretry).toBe(2)
    await stop()
    server = await LabServer.start()
  })

  it('tells of a source that is lost and read again', async () => {
    const manual = new ManualClock(Date.now())
    clock = manual
    firewall = new MemoryFirewall(clock)
    await start()
    await expect.poll(() => agent?.status().sources[0]?.state).toBe('reading')
    const tick = async () => {
      manual.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await rm(join(folder, 'door.log'))
    await mkdir(join(folder, 'door.log'))
    while (!kinds().includes('source.lost')) await tick()
    await rm(join(folder, 'door.log'), { recursive: true })
    await writeFile(join(folder, 'door.log'), 'a line\n')
    while (!kinds().includes('source.regained')) await tick()
  })

  it.each([
    ['keep', ['door 203.0.113.1']],
    ['remove', []],
  ])('with on_stop = %s leaves %j in the firewall', async (on_stop, left) => {
    await start({ on_stop })
    await attack('203.0.113.1')
    await seen('ban.added')
    await stop()
    expect(await bannedNow()).toEqual(left)
  })

  it('does not start beside another one, and leaves that one alone', async () => {
    await start()
    const second = makeAgent({ config: configOf(), clock, log, firewall: new MemoryFirewall(clock) })
    await expect(second.start()).rejects.toThrow('another agent is running')
    await attack('203.0.113.1')
    await seen('ban.added')
  })

  it('never bans the server or the nodes of its cluster', async () => {
    await writeFile(
      join(folder, '.members'),
      '{"cluster":{"name":"vault"},"nodelist":{"pve2":{"ip":"203.0.113.2"}}}',
    )
    await start()
    await attack('203.0.113.2')
    await attack('203.0.113.1')
    await seen('ban.added')
    expect(kinds()).toContain('failure.ignored')
    expect(await bannedNow()).toEqual(['door 203.0.113.1'])
  })

  it('stops within two seconds', async () => {
    await start()
    await attack('203.0.113.1', 5_000)
    const before = performance.now()
    await stop()
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})

describe('the command line', () => {
  async function warder(...args: readonly string[]) {
    let [out, err] = ['', '']
    const exit = await runCommand([...args, '--socket', join(folder, 'run', 'agent.sock')], {
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
    [['enrol', 'nowhere', 'x']],
    [['enrol', 'wss://x', 'not-a-join']],
  ])('takes %j for wrong usage', async (args) => {
    const { exit, err } = await warder(...args)
    expect([exit, err.length > 0]).toEqual([2, true])
  })

  it.each(['run', 'check', 'enrol', 'status', 'banned', 'ban', 'unban', 'reload'])(
    'explains %s',
    async (name) => {
      const { exit, out } = await warder(name, '--help')
      expect(exit).toBe(0)
      expect(out).toContain(`warder ${name}`)
      expect(out).toContain('Examples:')
      expect((await warder(name, '-h')).out).toBe(out)
    },
  )

  it('tells its release, which is that of the package', async () => {
    const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      version: string
    }
    expect((await warder('--version')).out).toBe(`warder ${manifest.version}\n`)
  })

  it('bans, shows and lifts', async () => {
    await start()
    expect((await warder('ban', '203.0.113.9', '--for', '1h', '--reason', 'a test')).out).toBe(
      '203.0.113.9 is banned for 1h.\n',
    )
    expect(await bannedNow()).toEqual(['manual 203.0.113.9'])
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
    [['ban', '10.0.0.1'], 'private network'],
    [['ban', 'example.com'], 'neither an address nor a subnet'],
    [['ban', '203.0.113.1', '--jail', 'nothing'], 'no running jail nothing'],
    [['unban', 'example.com'], 'neither an address'],
    [['banned', 'x y'], 'neither an address'],
    [['status', 'nothing'], 'no jail nothing'],
  ])('refuses %j and says why', async (args, words) => {
    await start()
    const { exit, err } = await warder(...args)
    expect(exit).toBe(1)
    expect(err).toContain(words)
  })

  it('shows the node and a jail', async () => {
    await start()
    await attack('203.0.113.1')
    await seen('ban.added')
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
    await start()
    await attack('203.0.113.1', 1)
    await seen('failure.found')
    await writeFile(join(folder, 'etc', 'jail.local'), jails('maxretry2 = 5\nbantime = soon\n'))
    const { exit, out, err } = await warder('reload')
    expect([exit, err.length > 0]).toEqual([0, true])
    expect(out).toContain('problem')
    await stop()
    await start()
    expect(agent?.status().jails.find(({ name }) => name === 'door')).toMatchObject({ state: 'running' })
    await attack('203.0.113.1', 2)
    await seen('ban.added')
    await writeFile(
      join(folder, 'etc', 'jail.local'),
      jails().replace('[door]\nenabled = true', '[door]\nenabled = false'),
    )
    expect((await warder('reload')).out).toBe('Read again.\n')
    await seen('ban.lifted')
    expect(kinds()).toContain('jail.stopped')
  })

  it('checks the configuration without acting', async () => {
    const file = join(folder, 'agent.toml')
    await writeFile(
      file,
      `config_dir = "${folder}/etc"\nstate_dir = "${folder}/none"\nfirewall = "dry-run"\n`,
    )
    const good = await warder('check', '--config', file)
    expect([good.exit, good.err]).toEqual([0, ''])
    expect(good.out).toContain('Jails that would run: door')
    await writeFile(join(folder, 'etc', 'jail.local'), jails('bantime = soon\n'))
    const bad = await warder('check', '--config', file)
    expect(bad.exit).toBe(1)
    expect(bad.err).toMatch(/jail\.local:\d+: jail door: .*bantime/)
    await writeFile(file, 'servr = "wss://x"\nfirewall = "iptables"\n')
    const worse = await warder('check', '--config', file)
    expect(worse.exit).toBe(1)
    expect(worse.err).toMatch(/firewall: [^]*servr/)
    await expect(readFile(join(folder, 'none', 'state.db'))).rejects.toThrow('ENOENT')
  })

  it('enrols: greets the server once and writes it into the configuration', async () => {
    const file = join(folder, 'agent.toml')
    await writeFile(file, `# mine\nstate_dir = "${folder}/state"\nname = "pve7"\njoin = "${server.join}"\n`)
    const { exit, out } = await warder(
      'enrol',
      server.url.replace('ws', 'http'),
      server.join,
      '--config',
      file,
    )
    expect([exit, out]).toEqual([0, expect.stringContaining('This node is pve7 on http://127.0.0.1')])
    expect(await readFile(file, 'utf8')).toBe(
      `server = ${JSON.stringify(server.url.replace('ws', 'http'))}\n# mine\nstate_dir = "${folder}/state"\nname = "pve7"\n`,
    )
    const state = openState(join(folder, 'state'), 0)
    expect(state.identity.serverKey()).toBe(server.key)
    state.close()
    server.manner = 'refuse'
    const before = await readFile(file, 'utf8')
    const refused = await warder('enrol', 'wss://127.0.0.1:1', server.join, '--config', file)
    expect([refused.exit, refused.err]).toEqual([1, expect.stringContaining('cannot be reached')])
    expect(await readFile(file, 'utf8')).toBe(before)
  })
})
