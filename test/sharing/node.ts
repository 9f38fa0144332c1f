import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeEngine, type Ban, type JailSettings, type NodeEvent, type Order } from '@warder/core'
import type { NodeStatus, WantedSettings } from '@warder/protocol'
import { FILE, planOf } from '../../apps/agent/src/engine/loop-lab.ts'
import type { Planned } from '../../apps/agent/src/engine/loop-parts.ts'
import { Loop } from '../../apps/agent/src/engine/loop.ts'
import { MemoryFirewall } from '../../apps/agent/src/firewall/memory.ts'
import { UNHEARD } from '../../apps/agent/src/link/lab.ts'
import { Session } from '../../apps/agent/src/link/session.ts'
import { Shares } from '../../apps/agent/src/sharing/shares.ts'
import { openState, type State } from '../../apps/agent/src/state/state.ts'
import { makeLogger, ManualClock, type Clock } from '../../packages/daemon/src/index.ts'
import { Wire } from './wire.ts'

const log = makeLogger({ name: 'lab', level: 'silent', form: 'json' })

export interface NodeSetup {
  readonly name: string
  /** How far its clock is ahead. */
  readonly ahead: number
  readonly settings: JailSettings
  /** Whom it never bans. */
  readonly never: readonly string[]
}

/** A node of the simulation: the agent's loop, state, sharing and link, on a real state file and a firewall in memory. */
export class SimNode {
  readonly folder = mkdtempSync(join(tmpdir(), 'warder-node-'))
  readonly setup: NodeSetup
  clock: ManualClock
  readonly firewall: MemoryFirewall
  wanted: WantedSettings = { revision: 0, jails: {} }
  wire: Wire | null = null
  session: Session | null = null
  /** Told of what became true here. */
  onEvents: (events: readonly NodeEvent[]) => void = () => {}
  /** Connections that were not ended by the network. */
  readonly objections: string[] = []
  #loop: Loop | null = null
  #state: State | null = null
  #join: string | null

  constructor(setup: NodeSetup, now: number, code: string) {
    this.setup = setup
    this.clock = new ManualClock(now + setup.ahead)
    // The kernel's clock goes on when the agent ends.
    const kernel: Clock = {
      now: () => this.clock.now(),
      after: (ms, task) => this.clock.after(ms, task),
      every: (ms, task) => this.clock.every(ms, task),
    }
    this.firewall = new MemoryFirewall(kernel)
    this.#join = code
  }

  get loop(): Loop {
    if (this.#loop === null) throw new Error(`${this.setup.name} does not run`)
    return this.#loop
  }

  get isUp(): boolean {
    return this.#loop !== null
  }

  get state(): State {
    if (this.#state === null) throw new Error(`${this.setup.name} does not run`)
    return this.#state
  }

  get settings(): JailSettings {
    return { ...this.setup.settings, ...this.wanted.jails['sshd'] }
  }

  async start(): Promise<void> {
    const { clock, firewall } = this
    const state = openState(join(this.folder, 'state'), clock.now())
    this.#state = state
    this.wanted = state.settings.get() ?? this.wanted
    const loop = new Loop({
      engine: makeEngine({ keepsEvidence: false }),
      firewall,
      state,
      clock,
      log,
      onRecorded: (events) => {
        this.onEvents(events)
        this.session?.pump()
      },
      onStuck: () => {},
      onAsked: () => {},
    })
    this.#loop = loop
    await loop.start(this.#planned(), (report) => ({
      kind: 'agent.started',
      agent: 'test',
      firewall: report,
    }))
  }

  /** The agent ends without a word; the firewall stays as it is, and its bans end by themselves. */
  kill(): void {
    this.cut()
    this.#loop = null
    this.#state?.close()
    this.#state = null
    // Its timers go with it.
    this.clock = new ManualClock(this.clock.now())
  }

  /** Dials; the frames of the greeting are still to be let through. */
  dial(accept: (wire: Wire) => void): Wire {
    const wire = new Wire()
    this.wire = wire
    const shares = new Shares({ loop: this.loop, state: this.state, clock: this.clock })
    const { loop } = this
    const stopped = (err: unknown): void => {
      if (this.#loop === loop) throw err
    }
    this.session = new Session(
      { socket: wire.node.asSocket, unvouched: () => null },
      this.#link(shares, stopped),
      {
        onGreeting: () => {},
        onWelcome: () => {
          this.#join = null
        },
        onEnd: ({ code, reason }) => {
          if (this.wire === wire) this.session = this.wire = null
          if (code !== 1006) this.objections.push(`${code} ${reason ?? ''}`)
        },
      },
    )
    wire.open()
    accept(wire)
    return wire
  }

  cut(): void {
    this.wire?.end(1006)
    this.wire = this.session = null
  }

  /** Failed logins in its log. */
  async fail(ip: string, times: number): Promise<void> {
    const now = this.clock.now()
    const line = { source: FILE, text: `failed login of root from ${ip}`, readAt: now, writtenAt: now }
    await this.loop.take(FILE, { lines: Array.from({ length: times }, () => line), cursor: String(now) })
  }

  /** What `warder unban` does on the node. */
  async unbanHere(ip: string, id: string): Promise<void> {
    await this.loop.order({ kind: 'lift', id, ip, jail: null, by: 'root', issuedAt: this.clock.now() })
  }

  bans(): readonly Ban[] {
    return this.isUp ? this.loop.bans() : []
  }

  status(): NodeStatus {
    const { settings } = this
    return {
      at: this.clock.now(),
      agent: 'test',
      startedAt: 0,
      firewall: { backend: 'memory', enforcing: true, reason: 'a test' },
      revision: this.wanted.revision,
      sources: [],
      jails: [
        {
          name: 'sshd',
          filter: 'sshd',
          state: settings.enabled ? 'running' : 'disabled',
          ports: 'tcp 22',
          sources: [FILE],
          configured: this.setup.settings,
          effective: settings,
          activeBans: 0,
          lastMatchAt: null,
        },
      ],
      activeBans: 0,
      outboxDepth: 0,
      lagMs: 0,
      rssBytes: 1,
    }
  }

  dispose(): void {
    if (this.isUp) this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #link(shares: Shares, failed: (err: unknown) => void): ConstructorParameters<typeof Session>[1] {
    const { loop, state, clock } = this
    return {
      ...UNHEARD,
      state,
      clock,
      log,
      introduction: () => ({ name: this.setup.name, cluster: 'lab', join: this.#join }),
      status: () => this.status(),
      onOrder: (order: Order) => void loop.order(order).catch(failed),
      onSettings: (wanted) => void this.#follow(wanted).catch(failed),
      onQuestion: async () => ({ kind: 'filters', filters: [], cut: false }),
      onSharing: (message) => {
        if (message.kind !== 'suspension') void shares.take(message).catch(failed)
      },
    }
  }

  async #follow(wanted: WantedSettings): Promise<void> {
    if (wanted.revision === this.wanted.revision) return
    this.wanted = wanted
    await this.loop.change(this.#planned(), { write: () => this.state.settings.put(wanted), events: [] })
    this.session?.statusSoon()
  }

  #planned(): Planned {
    const { settings, setup } = this
    const { engine } = planOf({ settings })
    const ports = { protocol: 'both', ports: 'all' } as const
    const jails = settings.enabled ? engine.jails : []
    return {
      engine: { jails, never: { groups: [{ reason: 'ignoreip', targets: setup.never }] } },
      firewall: {
        jails: [...jails.map(() => 'sshd'), 'manual', 'shared'].map((name) => ({ name, ports })),
        never: [],
      },
    }
  }
}
