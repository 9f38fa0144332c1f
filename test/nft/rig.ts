import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../packages/daemon/src/index.ts'
import type { Firewall } from '../../apps/agent/src/firewall/firewall.ts'
import { IpsetFirewall } from '../../apps/agent/src/firewall/ipset.ts'
import { NetworkNamespace, whyNoIpset, whyNoNft } from '../../apps/agent/src/firewall/netns.ts'
import { NftablesFirewall } from '../../apps/agent/src/firewall/nftables.ts'
import { run } from '../lab/command.ts'

const AGENT = fileURLToPath(new URL('../../apps/agent/src/main.ts', import.meta.url))

/** A backend on the real thing, inside of a namespace. */
export interface Backend {
  readonly name: string
  /** Why it cannot be tried here, or null. */
  readonly trouble: string | null
  make(namespace: NetworkNamespace, guests?: boolean): Firewall
}

const ipset = (variant: string): Backend => ({
  name: `ipset with iptables${variant}`,
  trouble: whyNoIpset(variant),
  make: ({ name }) =>
    new IpsetFirewall({
      clock: systemClock,
      tools: {
        before: ['nsenter', `--net=/run/netns/${name}`],
        ipset: '/usr/sbin/ipset',
        iptables: `/usr/sbin/iptables${variant}`,
        ip6tables: `/usr/sbin/ip6tables${variant}`,
      },
      reason: 'a test',
    }),
})

export const nftables = (guests: boolean): Backend => ({
  name: guests ? 'nftables with guests' : 'nftables',
  trouble: whyNoNft(),
  make: ({ name }, now = guests) =>
    new NftablesFirewall({
      clock: systemClock,
      command: ['nsenter', `--net=/run/netns/${name}`, process.env['WARDER_NFT'] ?? '/usr/sbin/nft'],
      reason: 'a test',
      guests: now,
    }),
})

export const BACKENDS: readonly Backend[] = [nftables(false), nftables(true), ipset('-legacy'), ipset('-nft')]

/** A host and an outside client with both families between them: 192.0.2.1 and .9, 2001:db8::1 and ::9. */
export function wire(host: NetworkNamespace, client: NetworkNamespace): void {
  host.ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', client.name)
  address(host, 'v0', 1)
  address(client, 'v1', 9)
}

/** A host with a bridge of 192.0.2.1, a guest of .2 behind it and an outside client of .9. */
export function bridge(host: NetworkNamespace, guest: NetworkNamespace, client: NetworkNamespace): void {
  host.ip('link', 'add', 'br0', 'type', 'bridge')
  for (const [namespace, device, last] of [
    [guest, 'g', 2],
    [client, 'c', 9],
  ] as const) {
    host.ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace.name)
    host.ip('link', 'set', device, 'master', 'br0', 'up')
    address(namespace, 'eth0', last)
  }
  address(host, 'br0', 1)
  // Elsewhere the rules for routed traffic would see bridged traffic too.
  for (const tool of ['iptables', 'ip6tables'])
    host.run('sh', '-c', `echo 0 > /proc/sys/net/bridge/bridge-nf-call-${tool}`)
}

function address(namespace: NetworkNamespace, device: string, last: number): void {
  namespace.ip('addr', 'add', `192.0.2.${last}/24`, 'dev', device)
  namespace.ip('addr', 'add', `2001:db8::${last}/64`, 'dev', device, 'nodad')
  namespace.ip('link', 'set', device, 'up')
}

/** A process inside that listens on TCP ports. */
export async function listen(namespace: NetworkNamespace, ports: readonly number[]) {
  const script = `const net = require('node:net')
    let left = ${ports.length}
    for (const port of ${JSON.stringify(ports)})
      net.createServer((s) => s.end()).listen(port, '::', () => { if (--left === 0) console.log('ready') })`
  const child = spawn('ip', ['netns', 'exec', namespace.name, process.execPath, '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}

/** What becomes of a TCP connection: `open`, `refused`, or `nothing` within a second. */
export async function knock(namespace: NetworkNamespace, host: string, port: number): Promise<string> {
  const script = `const s = require('node:net').connect(${port}, '${host}', () => end('open'))
    const end = (word) => { console.log(word); process.exit(0) }
    s.on('error', (err) => end(err.code === 'ECONNREFUSED' ? 'refused' : 'nothing')); setTimeout(() => end('nothing'), 1000)`
  const { stdout } = await run(['ip', 'netns', 'exec', namespace.name, process.execPath, '-e', script])
  return stdout.trim()
}

/** A real agent process from the sources, on a log of its own; everything but the namespace outlives it. */
export class Node1 implements AsyncDisposable {
  readonly namespace = new NetworkNamespace()
  readonly folder = mkdtempSync(join(tmpdir(), 'warder-nft-'))
  readonly log = join(this.folder, 'door.log')

  constructor(firewall: string, jails = '') {
    const etc = join(this.folder, 'etc')
    mkdirSync(join(etc, 'filter.d'), { recursive: true })
    writeFileSync(this.log, '')
    writeFileSync(join(etc, 'filter.d', 'door.conf'), '[Definition]\nfailregex = ^bad login from <HOST>$\n')
    const off = ['sshd', 'proxmox', 'warder'].map((name) => `[${name}]\nenabled = false\n`).join('')
    writeFileSync(
      join(etc, 'jail.local'),
      `${off}[door]\nenabled = true\nfilter = door\nbackend = polling\nlogpath = ${this.log}\nmaxretry = 3\nbantime = 1d\nport = 22\n${jails}`,
    )
    this.choose(firewall)
  }

  /** Writes its configuration, for the next start. */
  choose(firewall: string): void {
    writeFileSync(
      join(this.folder, 'agent.toml'),
      `firewall = "${firewall}"\nname = "pve1"\nstate_dir = "${this.folder}/state"\nconfig_dir = "${this.folder}/etc"\nsocket = "${this.socket}"\n[log]\nlevel = "warn"\nform = "text"\n`,
    )
  }

  get socket(): string {
    return join(this.folder, 'agent.sock')
  }

  /** The arguments that run the agent, or one of its commands. */
  command(...words: readonly string[]): readonly string[] {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', AGENT]
    return ['nsenter', `--net=/run/netns/${this.namespace.name}`, ...node, ...words]
  }

  async ask(...words: readonly string[]): Promise<unknown> {
    const { stdout } = await run(this.command(...words, '--json', '--socket', this.socket))
    return stdout === '' ? null : JSON.parse(stdout)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // All that runs inside was started by the test.
    const { stdout } = await run(['ip', 'netns', 'pids', this.namespace.name])
    for (const pid of stdout.split('\n').filter(Boolean)) await run(['kill', '-KILL', pid])
    this.namespace[Symbol.dispose]()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
