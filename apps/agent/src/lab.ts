import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLogger, systemClock, type Clock } from '@warder/daemon'
import type { OutboxEvent } from '@warder/protocol'
import { makeAgent, type Agent, type AgentParts } from './agent.ts'
import { toAgentConfig } from './config/load.ts'
import type { AgentConfig } from './config/schema.ts'
import { MemoryFirewall } from './firewall/memory.ts'
import { LabServer } from './link/lab.ts'

/**
 * An agent with one jail, `door`, over a real file, a firewall in memory that outlives its restarts, and a server
 * that speaks the link. Only for tests.
 */
export class AgentLab implements AsyncDisposable {
  readonly folder: string
  server: LabServer
  clock: Clock = systemClock
  firewall = new MemoryFirewall(systemClock)
  agent: Agent | null = null

  private constructor(folder: string, server: LabServer) {
    this.folder = folder
    this.server = server
  }

  static async open(): Promise<AgentLab> {
    const folder = await mkdtemp(join(tmpdir(), 'warder-agent-'))
    const lab = new AgentLab(folder, await LabServer.start())
    await mkdir(join(folder, 'etc', 'filter.d'), { recursive: true })
    const filter = '[Definition]\nfailregex = ^bad login of <F-USER>\\S+</F-USER> from <HOST>$\n'
    await writeFile(join(folder, 'etc', 'filter.d', 'door.conf'), filter)
    await writeFile(join(folder, 'door.log'), '')
    await lab.configure()
    return lab
  }

  get log(): string {
    return join(this.folder, 'door.log')
  }

  get socket(): string {
    return join(this.folder, 'run', 'agent.sock')
  }

  /** Time is the test's from now on. */
  useClock(clock: Clock): void {
    this.clock = clock
    this.firewall = new MemoryFirewall(clock)
  }

  /** Writes jail.local: the shipped jails are off, so that nothing depends on the machine. */
  async configure(more = '', enabled = true): Promise<void> {
    const shipped = ['sshd', 'proxmox', 'warder'].map((name) => `[${name}]\nenabled = false\n`).join('')
    const door = `[door]\nenabled = ${enabled}\nfilter = door\nbackend = polling\nlogpath = ${this.log}\nmaxretry = 3\nport = 22\n`
    await writeFile(join(this.folder, 'etc', 'jail.local'), shipped + door + more)
  }

  config(more: object = {}): AgentConfig {
    return toAgentConfig({
      server: this.server.url,
      join: this.server.join,
      name: 'pve1',
      cluster: 'vault',
      state_dir: join(this.folder, 'state'),
      config_dir: join(this.folder, 'etc'),
      socket: this.socket,
      pve_dir: this.folder,
      // Nothing may depend on the networks of the machine.
      filter_local_networks: true,
      ...more,
    })
  }

  make(config: AgentConfig, firewall: MemoryFirewall = this.firewall, more: Partial<AgentParts> = {}): Agent {
    const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })
    return makeAgent({ config, clock: this.clock, log, firewall, ...more })
  }

  async start(config: AgentConfig = this.config(), more: Partial<AgentParts> = {}): Promise<Agent> {
    const agent = this.make(config, this.firewall, more)
    this.agent = agent
    await agent.start()
    return agent
  }

  async stop(): Promise<void> {
    await this.agent?.[Symbol.asyncDispose]()
    this.agent = null
  }

  attack(ip: string, times = 3): Promise<void> {
    return appendFile(this.log, `bad login of root from ${ip}\n`.repeat(times))
  }

  /** The kinds of the events that the server has. */
  kinds(): readonly OutboxEvent['event']['kind'][] {
    return this.server.history.map(({ event }) => event.kind)
  }

  count(kind: OutboxEvent['event']['kind']): number {
    return this.kinds().filter((each) => each === kind).length
  }

  /** Resolves when the server has so many events of a kind. */
  seen(kind: OutboxEvent['event']['kind'], times = 1): Promise<void> {
    return this.server.until(() => this.count(kind) >= times)
  }

  async banned(): Promise<readonly string[]> {
    return (await this.firewall.list()).map(({ jail, ip }) => `${jail} ${ip}`).toSorted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.server[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true })
  }
}
