import { agentConfig, makeAgent, MemoryFirewall, openState, type Agent } from '@warder/agent'
import { JOURNAL, type Ban, type LogLine } from '@warder/core'
import { checkConfig, LogRing, makeLogger, type Clock, type Logger } from '@warder/daemon'
import { LOG_LIMIT } from '@warder/protocol'
import { toLogLine, WARDER_LOG, type World, type WorldLine, type WorldNode } from '@warder/simulator'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { demoHost } from './demo-host.ts'
import { makeFence } from './fence.ts'
import { simulatedSources, type NodeLogs } from './log-source.ts'
import { NodeLog } from './node-log.ts'
import { jailLocal, LOST_FILE, LOST_REASON, lostNode, SLOW_JAIL, tunedNode } from './node-plan.ts'

/** Where a node lives and whom it talks to. */
export interface NodePlace {
  readonly world: World
  readonly clock: Clock
  readonly log: Logger
  /** The node's own folder, which is there. */
  readonly folder: string
  readonly serverUrl: string
  readonly join: string
}

/** A machine of the simulated cluster: its logs, its firewall, and the real agent on it. */
export class DemoNode implements AsyncDisposable {
  readonly name: string
  readonly #node: WorldNode
  readonly #place: NodePlace
  readonly #firewall: MemoryFirewall
  readonly #logs: NodeLogs
  #agent: Agent | null = null
  #comingBack: Disposable | null = null
  #isSlow = false

  constructor(node: WorldNode, place: NodePlace) {
    this.name = node.name
    this.#node = node
    this.#place = place
    this.#firewall = new MemoryFirewall(place.clock)
    this.#logs = {
      run: String(place.clock.now()),
      journal: new NodeLog(),
      files: node.services.includes('warder') ? new Map([[WARDER_LOG, new NodeLog()]]) : new Map(),
      lost: node.name === lostNode(place.world) ? new Map([[LOST_FILE, LOST_REASON]]) : new Map(),
    }
  }

  /** Gives a new node bans from before: its agent will know them, its firewall holds them already. */
  async remember(bans: readonly Ban[]): Promise<void> {
    const state = openState(join(this.#place.folder, 'state'), this.#place.clock.now())
    state.together(() => bans.forEach((ban) => state.bans.put(ban)))
    state.close()
    const jails = [...new Set(bans.map((ban) => ban.jail))]
    await this.#firewall.prepare({
      jails: jails.map((name) => ({ name, ports: { protocol: 'both', ports: 'all' } })),
      never: [],
    })
    await this.#firewall.apply(bans.map(({ jail, ip, until }) => ({ kind: 'add', jail, ip, until })))
  }

  /** Starts the agent: enrols it the first time, takes up where it was afterwards. */
  async startAgent(): Promise<void> {
    if (this.#agent) return
    const { clock } = this.#place
    const logged = new LogRing(LOG_LIMIT)
    await this.#configure()
    const agent = makeAgent({
      config: this.#config(),
      clock,
      log: makeLogger({ name: 'warder', level: 'info', form: 'text', kept: logged, writtenFrom: 'error' }),
      logged,
      firewall: this.#firewall,
      sources: simulatedSources(this.#logs),
      host: await demoHost({
        folder: this.#place.folder,
        isLowered: this.name === tunedNode(this.#place.world),
        write: (line) => this.#byLog([line]).forEach(([written, lines]) => written.append(lines)),
      }),
    })
    this.#agent = agent
    await agent.start()
  }

  /** Gives the node a jail whose expressions take too long, so that its agent will pause it. */
  async slowDown(): Promise<void> {
    this.#isSlow = true
    await this.loseAgent(0)
  }

  /** Stops the agent and starts it again after `ms`; the machine, its logs and its firewall go on meanwhile. */
  async loseAgent(ms: number): Promise<void> {
    const { clock, log } = this.#place
    this.#comingBack?.[Symbol.dispose]()
    this.#comingBack = clock.after(ms, () => {
      this.startAgent().catch((err: unknown) =>
        log.error({ node: this.name, err }, 'the agent did not come back'),
      )
    })
    await this.#stopAgent()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#comingBack?.[Symbol.dispose]()
    await this.#stopAgent()
  }

  /** Lines that were written on this machine, but for those whose senders the firewall keeps out. */
  async write(lines: readonly WorldLine[]): Promise<void> {
    const isOutside = makeFence(await this.#firewall.list())
    const now = this.#place.clock.now()
    const heard = lines.filter((line) => !isOutside(line)).map((line) => toLogLine(line, now))
    for (const [log, written] of this.#byLog(heard)) log.append(written)
  }

  /** What this machine's logs held before the demonstration began: there to be looked at, not to be followed. */
  recall(lines: readonly WorldLine[]): void {
    const now = this.#place.clock.now()
    for (const [log, held] of this.#byLog(lines.map((line) => toLogLine(line, now)))) log.begin(held)
  }

  #byLog(lines: readonly LogLine[]): readonly (readonly [NodeLog, readonly LogLine[]])[] {
    return [...Map.groupBy(lines, (line) => line.source)].flatMap(([source, those]) => {
      const log = source === JOURNAL ? this.#logs.journal : this.#logs.files.get(source)
      return log === undefined ? [] : [[log, those] as const]
    })
  }

  async #configure(): Promise<void> {
    const etc = join(this.#place.folder, 'etc')
    await mkdir(join(etc, 'filter.d'), { recursive: true, mode: 0o700 })
    const jails = jailLocal(this.#place.world, this.#node)
    await writeFile(join(etc, 'jail.local'), this.#isSlow ? `${jails}\n${SLOW_JAIL.jail}` : jails)
    if (this.#isSlow) await writeFile(join(etc, 'filter.d', `${SLOW_JAIL.name}.conf`), SLOW_JAIL.filter)
  }

  async #stopAgent(): Promise<void> {
    const agent = this.#agent
    this.#agent = null
    await agent?.[Symbol.asyncDispose]()
  }

  #config() {
    const { folder, serverUrl, join: code } = this.#place
    return checkConfig(
      `the agent of ${this.name}`,
      {
        server: serverUrl.replace(/^http/, 'ws'),
        join: code,
        name: this.name,
        cluster: this.#node.cluster,
        state_dir: join(folder, 'state'),
        config_dir: join(folder, 'etc'),
        socket: join(folder, 'agent.sock'),
        firewall: 'memory',
        // Attackers come from networks set aside for documentation, which this machine may be attached to.
        filter_local_networks: true,
      },
      agentConfig,
    )
  }
}
