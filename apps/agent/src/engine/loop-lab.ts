import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  compileJail,
  makeEngine,
  NEVER_NOBODY,
  type Effect,
  type JailDefinition,
  type NodeEvent,
  type Order,
} from '@warder/core'
import { makeLogger, ManualClock } from '@warder/daemon'
import { FirewallError, type Enforced, type FirewallChange, type FirewallPlan } from '../firewall/firewall.ts'
import { MemoryFirewall } from '../firewall/memory.ts'
import { openState, type State } from '../state/state.ts'
import type { Planned } from './loop-parts.ts'
import { Loop } from './loop.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
export const FILE = '/var/log/auth.log'

/** A firewall that can be broken and mended. */
export class Breakable extends MemoryFirewall {
  broken = false
  readonly transactions: (readonly FirewallChange[])[] = []

  override async prepare(plan: FirewallPlan): Promise<readonly Enforced[]> {
    this.#check()
    return super.prepare(plan)
  }

  override async apply(changes: readonly FirewallChange[]): Promise<void> {
    this.#check()
    this.transactions.push(changes)
    await super.apply(changes)
  }

  override async list() {
    this.#check()
    return super.list()
  }

  #check(): void {
    if (this.broken) throw new FirewallError('nft is out of order', true)
  }
}

/** A plan with the jail `sshd`, which bans at the third failure for an hour. */
export function planOf(change: Partial<JailDefinition> = {}): Planned {
  const compiled = compileJail({
    name: 'sshd',
    filter: {
      name: 'sshd',
      failregex: [String.raw`^failed login of <F-USER>\S+</F-USER> from <HOST>$`],
      ignoreregex: [],
      maxlines: 1,
      journalmatch: [],
    },
    backend: 'file',
    logpath: [FILE],
    ports: { protocol: 'tcp', ports: [22] },
    ignoreip: [],
    maxmatches: 5,
    settings: { enabled: true, maxretry: 3, findtime: 600, bantime: 3_600 },
    ...change,
  })
  if (!compiled.ok) throw new Error(compiled.problems.join())
  const ports = { protocol: 'both', ports: 'all' } as const
  return {
    engine: {
      jails: [{ jail: compiled.jail, sources: [FILE] }],
      never: NEVER_NOBODY,
    },
    firewall: {
      jails: [
        { name: 'sshd', ports },
        { name: 'manual', ports },
      ],
      never: [],
    },
  }
}

/** A loop over a real state file, with a clock in hand and a firewall that can break. Only for tests. */
export class LoopLab implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'warder-loop-'))
  readonly clock = new ManualClock(NOON)
  firewall = new Breakable(this.clock)
  state: State = openState(this.folder, NOON)
  /** What the engine asked, unanswered. */
  readonly asked: Extract<Effect, { kind: 'ask' }>[] = []
  #running: Loop | null = null

  async start(planned: Planned = planOf()): Promise<Loop> {
    const { firewall, state, clock } = this
    const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })
    const quiet = () => {}
    const loop = new Loop({
      engine: makeEngine(),
      firewall,
      state,
      clock,
      log,
      onRecorded: quiet,
      onStuck: quiet,
      onAsked: (ask) => void this.asked.push(ask),
    })
    this.#running = loop
    await loop.start(planned, (report) => ({ kind: 'agent.started', agent: 'test', firewall: report }))
    return loop
  }

  /** The loop ends without a word, as under SIGKILL; what was written stays. */
  kill(): void {
    this.#running = null
    this.state.close()
    this.state = openState(this.folder, this.clock.now())
  }

  /** A batch of failed logins of one address. */
  lines(ip: string, count: number, cursor: string) {
    const now = this.clock.now()
    const line = { source: FILE, text: `failed login of root from ${ip}`, readAt: now, writtenAt: now }
    return { lines: Array.from({ length: count }, () => line), cursor }
  }

  banOrder(ip: string, id = 'o1'): Order {
    const expiresAt = this.clock.now() + 60_000
    return { kind: 'ban', id, ip, jail: 'manual', bantime: 600, by: 'alice', expiresAt }
  }

  liftOrder(ip: string, id: string): Order {
    return { kind: 'lift', id, ip, jail: null, by: 'alice', issuedAt: this.clock.now() }
  }

  /** The events after a number, each in short. */
  told(after = 0): readonly string[] {
    return this.state.outbox.read(after, 1_000).map(({ event }) => short(event))
  }

  async enforced(): Promise<readonly string[]> {
    return (await this.firewall.list()).map(({ jail, ip }) => `${jail} ${ip}`).toSorted()
  }

  /** Lets everything happen that falls due; the mailbox is empty afterwards. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1_000) {
      this.clock.advance(Math.min(1_000, left))
      await this.#running?.idle()
      await this.#running?.record([])
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]()
    this.state.close()
    rmSync(this.folder, { recursive: true })
  }
}

/** An event in a word or three. */
export function short(event: NodeEvent): string {
  if (event.kind === 'ban.added' || event.kind === 'ban.extended') return `${event.kind} ${event.ban.ip}`
  if (event.kind === 'firewall.drifted') return `${event.kind} ${event.missing} ${event.foreign}`
  return 'ip' in event ? `${event.kind} ${event.ip}` : event.kind
}
