import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeAgent } from '../../apps/agent/src/agent.ts'
import { runCommand } from '../../apps/agent/src/cli/commands.ts'
import { loadAgentConfig } from '../../apps/agent/src/config/load.ts'
import { NetworkNamespace, whyNoNft } from '../../apps/agent/src/firewall/netns.ts'
import { NftablesFirewall } from '../../apps/agent/src/firewall/nftables.ts'
import { AgentLab } from '../../apps/agent/src/lab.ts'
import { makeLogger, systemClock } from '../../packages/daemon/src/index.ts'
import { Fail2ban, fail2banTrouble } from '../fail2ban/server.ts'
import { until } from '../lab/command.ts'

const trouble = fail2banTrouble() ?? whyNoNft()
const FILTER = '[Definition]\nfailregex = ^\\s*bad login of <F-USER>\\S+</F-USER> from <ADDR>$\n'
const IPS = ['203.0.113.1', '203.0.113.64/28', '2001:db8:7::1']

describe.skipIf(trouble)(`bans of fail2ban in a real nftables${trouble ? ` (${trouble})` : ''}`, () => {
  it('are held by the kernel with the time that is left, and by an agent that starts again', async () => {
    await using lab = await AgentLab.open()
    await lab.configure('', false)
    using namespace = new NetworkNamespace()
    const shop = join(lab.folder, 'shop.log')
    await writeFile(shop, '')
    await using real = await Fail2ban.open(
      `[gate]\nfilter = gate\nlogpath = ${shop}\nmaxretry = 3\nfindtime = 600\nbantime = 900\nport = 443\n` +
        `[other]\nfilter = gate\nlogpath = ${shop}\nmaxretry = 50\nfindtime = 600\nbantime = -1\n`,
      { gate: FILTER },
    )
    await real.start()
    await real.client('set', 'gate', 'banip', ...IPS)
    await real.client('set', 'other', 'banip', '198.51.100.9')
    await until('the bans', async () =>
      (await real.client('get', 'other', 'banip')).stdout.includes('198.51.100.9'),
    )
    const toml = join(lab.folder, 'agent.toml')
    await writeFile(
      toml,
      `state_dir = "${lab.folder}/state"\nconfig_dir = "${lab.folder}/etc"\nsocket = "${lab.socket}"\npve_dir = "${lab.folder}"\n`,
    )
    const makeReal = async () =>
      makeAgent({
        config: await loadAgentConfig(toml),
        clock: systemClock,
        log: makeLogger({ name: 'test', level: 'silent', form: 'json' }),
        firewall: new NftablesFirewall({
          clock: systemClock,
          command: ['ip', 'netns', 'exec', namespace.name, '/usr/sbin/nft'],
          reason: 'a test',
        }),
        fail2banConfig: async () => (await loadAgentConfig(toml)).fail2ban_config,
      })
    const held = (): string => namespace.run('nft', 'list', 'table', 'inet', 'warder')
    const expectAll = (): void => {
      const text = held()
      for (const ip of [...IPS, '198.51.100.9']) expect(text).toContain(ip)
      const left = Number(/203\.0\.113\.1 timeout \S+ expires (?:(\d+)m)?/.exec(text)?.[1])
      expect(left).toBeGreaterThanOrEqual(12)
      expect(left).toBeLessThan(15)
      expect(text).toMatch(/dport 443/)
    }
    {
      await using agent = await makeReal()
      await agent.start()
      let said = ''
      const around = {
        print: (text: string) => (said += text),
        complain: (text: string) => (said += text),
        environment: {},
        isTerminal: false,
      }
      const words = ['import-fail2ban', '--config', real.config, '--agent', toml, '--yes']
      expect([await runCommand(words, around), said]).toEqual([
        0,
        expect.stringContaining('4 bans taken over.'),
      ])
      expectAll()
    }
    // Nothing was lifted when it stopped, and the next one finds all as it should be.
    expectAll()
    await using again = await makeReal()
    await again.start()
    expectAll()
  }, 120_000)
})
