import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../apps/agent/src/cli/commands.ts'
import { loadAgentConfig } from '../../apps/agent/src/config/load.ts'
import { makeAgent, type Agent } from '../../apps/agent/src/agent.ts'
import { AgentLab } from '../../apps/agent/src/lab.ts'
import { makeLogger, systemClock } from '../../packages/daemon/src/index.ts'
import type { FirewallReport } from '../../packages/core/src/engine/event.ts'
import { MemoryFirewall } from '../../apps/agent/src/firewall/memory.ts'
import { Fail2ban, fail2banTrouble } from '../fail2ban/server.ts'
import { until } from '../lab/command.ts'

const trouble = fail2banTrouble()
const FILTER = '[Definition]\nfailregex = ^\\s*bad login of <F-USER>\\S+</F-USER> from <ADDR>$\n'
const AGENT_TOML = '# my node\nname = "pve1" # as it is called\n'

/** Holds bans as the memory does, and says that it enforces: what follows from that is tried, and nothing is shut. */
class Enforcing extends MemoryFirewall {
  override report(): FirewallReport {
    return { ...super.report(), enforcing: true }
  }
}

describe.skipIf(trouble)(`warder import-fail2ban${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: AgentLab
  let real: Fail2ban
  let agent: Agent
  let toml: string

  beforeAll(async () => {
    lab = await AgentLab.open()
    await lab.configure('', false)
    const log = (name: string): string => join(lab.folder, name)
    await writeFile(log('shop.log'), '')
    real = await Fail2ban.open(
      `[gate]\nfilter = gate\nlogpath = ${log('shop.log')}\nmaxretry = 3\nfindtime = 600\nbantime = 900\nport = 443\nignoreip = 198.51.100.0/24\n` +
        `  friend.invalid\naction = nothing\n  mail-whois[name=x]\n` +
        `[other]\nfilter = gate\nlogpath = ${log('shop.log')}\nmaxretry = 50\nfindtime = 600\nbantime = -1\n`,
      { gate: FILTER },
    )
    await writeFile(join(real.config, 'action.d', 'mail-whois.conf'), '[Definition]\nactionban =\n')
    await real.start()
    toml = join(lab.folder, 'agent.toml')
    await writeFile(
      toml,
      `${AGENT_TOML}state_dir = "${lab.folder}/state"\nconfig_dir = "${lab.folder}/etc"\nsocket = "${lab.socket}"\npve_dir = "${lab.folder}"\nproxies = ["10.0.0.0/24"]\n`,
    )
    agent = makeAgent({
      config: await loadAgentConfig(toml),
      clock: systemClock,
      log: makeLogger({ name: 'test', level: 'silent', form: 'json' }),
      firewall: (lab.firewall = new Enforcing(systemClock)),
      fail2banConfig: async () => (await loadAgentConfig(toml)).fail2ban_config,
    })
    await agent.start()
  }, 120_000)
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]()
    await real?.[Symbol.asyncDispose]()
    await lab?.[Symbol.asyncDispose]()
  }, 60_000)

  async function warder(...args: readonly string[]) {
    let [out, err] = ['', '']
    const around = { print: (text: string) => (out += text), complain: (text: string) => (err += text) }
    const words = ['import-fail2ban', '--config', real.config, '--agent', toml, ...args]
    const exit = await runCommand(words, { ...around, environment: {}, isTerminal: false })
    return { exit, out, err }
  }
  const attack = (ip: string, times: number): Promise<void> =>
    appendFile(
      join(lab.folder, 'shop.log'),
      `${new Date().toISOString()} bad login of root from ${ip}\n`.repeat(times),
    )
  const banned = async (jail: string): Promise<string> => (await real.client('get', jail, 'banip')).stdout

  it('shows what becomes of each jail, and changes nothing', async () => {
    await real.client('set', 'gate', 'banip', '203.0.113.1', '203.0.113.2', '10.0.0.9')
    await real.client('set', 'other', 'banip', '203.0.113.3', '203.0.113.64/28', '127.0.0.1')
    await until('the bans', async () => (await banned('other')).includes('127.0.0.1'))
    const { exit, out } = await warder('--dry-run')
    expect(exit).toBe(0)
    expect(out).toMatch(/gate +gate +\S+shop\.log +tcp 443 +3 +10m +15m +3\n/)
    expect(out).toMatch(/other .* for ever +3\n/)
    expect(out).toMatch(/gate: never counts: 198\.51\.100\.0\/24 friend\.invalid/)
    expect(out).toMatch(/gate: warning: .*'mail-whois' is not carried out/)
    expect(out).toContain('6 bans in force, 3 of them for ever')
    expect(await readFile(toml, 'utf8')).toContain('name = "pve1" # as it is called')
    expect(await readFile(toml, 'utf8')).not.toContain('fail2ban_config')
  })

  it('asks before it changes anything', async () => {
    const { exit, err } = await warder()
    expect([exit, err]).toEqual([2, expect.stringContaining('Nothing was changed')])
  })

  it('takes over jails and bans with the time that is left, tells what is refused, and ends fail2ban last', async () => {
    const calls = join(lab.folder, 'systemctl.log')
    const bin = join(lab.folder, 'bin')
    await mkdir(bin)
    // What systemd would be asked to do, in the order in which it is: there is none here. While fail2ban ends, it bans once more.
    const last = real.commandLine('fail2ban-client', ['set', 'gate', 'banip', '203.0.113.9']).join(' ')
    const script =
      `#!/bin/sh\necho "$@" >> ${calls}\nexport PYTHONPATH=${real.environment()['PYTHONPATH']}\n` +
      `test "$1" != disable || { ${last} && ${real.commandLine('fail2ban-client', ['stop']).join(' ')}; } > ${calls}.said\n` +
      `test "$1" != is-active || test "$(wc -l < ${calls})" -lt 2\n`
    await writeFile(join(bin, 'systemctl'), script, { mode: 0o755 })
    const before = process.env['PATH']
    process.env['PATH'] = `${bin}:${before}`
    const { exit, out, err } = await warder('--stop', '--yes')
    process.env['PATH'] = before
    expect({ exit, err: err.replace(/^warning.*\n/gm, '') }).toEqual({ exit: 0, err: '' })
    expect(out).toContain('4 bans taken over.')
    expect(out).toMatch(/2 bans refused:\n(?: {2}.*\n)*? {2}gate 10\.0\.0\.9: .*one of the proxies/)
    expect(out).toMatch(/other 127\.0\.0\.1: .*loopback/)
    expect(out).toContain('1 more ban taken over, made in the meantime.\nfail2ban is stopped and disabled.')
    expect((await readFile(calls, 'utf8')).split('\n')).toEqual([
      'is-active --quiet fail2ban.service',
      'disable --now fail2ban.service',
      'is-active --quiet fail2ban.service',
      '',
    ])
    expect(await lab.banned()).toEqual([
      'gate 203.0.113.1',
      'gate 203.0.113.2',
      'gate 203.0.113.9',
      'other 203.0.113.3',
      'other 203.0.113.64/28',
    ])
    const ends = new Map((await lab.firewall.list()).map(({ ip, until: end }) => [ip, end]))
    expect(ends.get('203.0.113.3')).toBeNull()
    const left = ((ends.get('203.0.113.1') ?? 0) - Date.now()) / 1_000
    expect(left).toBeGreaterThan(800)
    expect(left).toBeLessThan(902)
    expect(await readFile(toml, 'utf8')).toBe(
      `fail2ban_config = "${real.config}"\n${AGENT_TOML}state_dir = "${lab.folder}/state"\nconfig_dir = "${lab.folder}/etc"\nsocket = "${lab.socket}"\npve_dir = "${lab.folder}"\nproxies = ["10.0.0.0/24"]\n`,
    )
  })

  it('does no harm when it is done again', async () => {
    await real.stop()
    await real.start()
    const [before, file] = [await lab.firewall.list(), await readFile(toml, 'utf8')]
    const { exit, out } = await warder('--yes', '--json')
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true, waiting: [], taken: { changed: 0, known: 5 } })
    expect(await lab.firewall.list()).toEqual(before)
    expect(await readFile(toml, 'utf8')).toBe(file)
  }, 60_000)

  it('decides beside fail2ban as it does, and tells where it does not', async () => {
    await real.client('unban', '--all')
    let out = ''
    const running = runCommand(
      [
        'import-fail2ban',
        '--config',
        real.config,
        '--agent',
        toml,
        '--shadow',
        '--for',
        '25s',
        '--tolerance',
        '4s',
      ],
      {
        print: (text) => (out += text),
        complain: (text) => (out += text),
        environment: {},
        isTerminal: false,
      },
    )
    await until('the comparison', async () => out.includes('Comparing gate, other'))
    await attack('203.0.113.20', 3)
    await attack('203.0.113.21', 4)
    await attack('203.0.113.22', 2)
    await attack('2001:db8::21', 3)
    await attack('2001:db8::22', 3)
    await attack('10.0.0.77', 3)
    await real.client('set', 'gate', 'banip', '203.0.113.30')
    await until('a ban that is lifted', async () => (await banned('gate')).includes('203.0.113.21'))
    // Bans of one jail are written down in order, so who tells of this one has seen those before it.
    await real.client('set', 'gate', 'banip', '203.0.113.31')
    await until('a look at it', async () => out.includes('not comparable: gate 203.0.113.31: '))
    await real.client('set', 'gate', 'unbanip', '203.0.113.21')
    expect(await running).toBe(0)
    expect(out).toMatch(/only fail2ban: gate 10\.0\.0\.77: Warder counted none: it is one of the proxies\n/)
    expect(out).toMatch(/not comparable: gate 203\.0\.113\.30: /)
    expect(out).toMatch(/unbanned: gate 203\.0\.113\.21: fail2ban lifted its ban, Warder bans until /)
    expect(out).toMatch(
      /\nAgreed 4, only Warder 0, only fail2ban 1, 1 unbanned by one alone, 2 not comparable, begun before\.\n$/,
    )
    expect(await lab.banned()).not.toContain('gate 203.0.113.22')
  }, 60_000)
})
