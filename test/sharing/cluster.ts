import { setImmediate } from 'node:timers/promises'
import type { JailSettings, NodeEvent } from '@warder/core'
import { SimNode } from './node.ts'
import { SimServer } from './server.ts'

export const NOON = Date.UTC(2026, 10, 20, 12)
const SECOND = 1_000
/** Time goes by in steps of so many seconds: what is sent within one arrives at its end, and is late by no more. */
const STEP_S = 1

/** Who sits at the dashboard. */
const WHO = { by: 'ada', address: '192.0.2.251', confirm: undefined }

interface UnbanOf {
  readonly jail?: string | undefined
  readonly node?: string | undefined
  readonly many?: boolean | undefined
}

/** A ban that a node made by itself or an operator ordered there, by true time. */
export interface Made {
  readonly node: string
  readonly jail: string
  readonly ip: string
  readonly origin: 'detected' | 'operator'
  readonly at: number
  readonly until: number
}

/** A lift by true time; without a node it meant all. */
export interface LiftMade {
  readonly node: string | null
  readonly jail: string | null
  readonly ip: string
  readonly at: number
}

/** A cluster on one true clock, which is the server's: nodes' clocks may be apart. */
export class SimCluster {
  readonly server = new SimServer(NOON)
  readonly nodes: SimNode[] = []
  readonly made: Made[] = []
  readonly lifts: LiftMade[] = []
  /** Whether no frame was kept waiting. */
  isPunctual = true
  #told = 0

  get now(): number {
    return this.server.clock.now()
  }

  static async open(ahead: readonly number[], settings: JailSettings, never = ''): Promise<SimCluster> {
    const cluster = new SimCluster()
    await cluster.server.start()
    for (const [index, ms] of ahead.entries()) {
      const setup = {
        name: `pve${index + 1}`,
        ahead: ms,
        settings,
        never: index === 0 && never !== '' ? [never] : [],
      }
      const node = new SimNode(setup, cluster.now, cluster.server.createJoin())
      node.onEvents = (events) => cluster.#note(node, events)
      cluster.nodes.push(node)
      await node.start()
    }
    await cluster.connect()
    return cluster
  }

  node(name: string): SimNode {
    const found = this.nodes.find(({ setup }) => setup.name === name)
    if (found === undefined) throw new Error(`there is no ${name}`)
    return found
  }

  /** Whoever is not connected dials. */
  async connect(): Promise<void> {
    if (this.server.isUp)
      for (const node of this.nodes)
        if (node.isUp && node.wire === null) node.dial(this.server.running.accept)
    await this.settle()
  }

  /** Lets everything happen that does not wait for time. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet++) {
      for (const node of this.nodes) {
        if (node.wire?.isHeld === true) continue
        while (node.wire?.let('up') || node.wire?.let('down')) quiet = 0
      }
      do await setImmediate()
      while (this.nodes.some((node) => node.isUp && node.loop.queued > 0))
    }
  }

  /** Time goes by, for all the same. */
  async pass(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= STEP_S) {
      const ms = Math.min(left, STEP_S) * SECOND
      for (const node of this.nodes) node.clock.advance(ms)
      this.server.clock.advance(ms)
      await this.settle()
    }
  }

  /** Everything that was broken works again, and time enough goes by. */
  async calm(): Promise<void> {
    if (!this.server.isUp) await this.server.start()
    for (const node of this.nodes) if (!node.isUp) await node.start()
    for (const { wire } of this.nodes) if (wire !== null) wire.isHeld = false
    await this.settle()
    await this.connect()
    await this.pass(20)
    this.#told = this.#count()
    await this.pass(20)
  }

  /** How much nodes were told of bans since it was calm. */
  get chatter(): number {
    return this.#count() - this.#told
  }

  /** As the dashboard does it: of one, in one jail or on one node, or as an order for many. */
  async unban(ip: string, { jail, node, many = false }: UnbanOf = {}): Promise<void> {
    this.lifts.push({ node: node ?? null, jail: jail ?? null, ip, at: this.now })
    const { requests, bulk } = this.server.running
    if (many) bulk.order({ kind: 'lift', ips: [ip], jail }, WHO)
    else requests.unban({ ips: [ip], jail, node }, WHO.by)
    await this.settle()
  }

  async ban(ip: string): Promise<void> {
    this.server.running.requests.ban({ ip, bantime: 1_800 }, WHO)
    await this.settle()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) node.dispose()
    await this.server[Symbol.asyncDispose]()
  }

  #count(): number {
    const said = this.nodes.flatMap(({ wire }) => wire?.said ?? [])
    return said.filter((kind) => ['shares', 'unshare', 'shared', 'order'].includes(kind)).length
  }

  #note(node: SimNode, events: readonly NodeEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'ban.added' && event.kind !== 'ban.extended') continue
      const { jail, ip, origin, until } = event.ban
      if (origin !== 'detected' && origin !== 'operator') continue
      const end = until === null ? Infinity : until - node.setup.ahead
      this.made.push({ node: node.setup.name, jail, ip, origin, at: this.now, until: end })
    }
  }
}
