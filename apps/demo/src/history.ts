import {
  eventOf,
  makeEngine,
  type Ban,
  type Effect,
  type Engine,
  type EpochMs,
  type Input,
  type NodeEvent,
  type Order,
  type Plan,
} from '@warder/core'
import type { OutboxEvent } from '@warder/protocol'
import {
  makeRandom,
  past,
  timeline,
  toLogLine,
  type Random,
  type World,
  type WorldLine,
} from '@warder/simulator'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** How often an operator lifts a ban that hit a stranger, and one that hit somebody who belongs here. */
const LIFT_STRANGER = 0.01
const LIFT_PERSON = 1

/** What a node has seen before the demonstration began. */
export interface NodeHistory {
  readonly node: string
  /** Numbered from 1. */
  readonly events: readonly OutboxEvent[]
  /** Bans that are still in force at the end. */
  readonly bans: readonly Ban[]
}

/** How the made-up past is made. */
export interface HistoryRequest {
  readonly world: World
  /** What each node runs. */
  readonly plans: ReadonlyMap<string, Plan>
  readonly now: EpochMs
  readonly days: number
}

/**
 * Plays the past of the world to the engine that agents run, node by node behind a firewall that obeys it,
 * and writes down what it says. About a second for a month of five nodes.
 */
export function makeHistory({ world, plans, now, days }: HistoryRequest): readonly NodeHistory[] {
  const from = now - days * DAY_MS
  const nodes = new Map(
    [...plans].map(([name, plan]) => [name, new NodeInThePast(name, { plan, world, from })] as const),
  )
  for (const line of timeline(world, past(world, from, now), from)) {
    if (line.at >= now) break
    nodes.get(line.node)?.write(line)
  }
  return [...nodes].map(([node, made]) => ({ node, ...made.finish(now) }))
}

interface Circumstances {
  readonly plan: Plan
  readonly world: World
  readonly from: EpochMs
}

/** One node's engine, with the firewall and the operators around it. */
class NodeInThePast {
  readonly #engine: Engine = makeEngine()
  readonly #events: OutboxEvent[] = []
  readonly #blocked = new Map<string, Set<string>>()
  readonly #people: ReadonlySet<string>
  readonly #operators: readonly string[]
  readonly #random: Random
  readonly #node: string
  #orders: readonly { readonly at: EpochMs; readonly order: Order }[] = []

  constructor(node: string, { plan, world, from }: Circumstances) {
    this.#node = node
    this.#people = new Set(world.people.map((person) => person.address))
    this.#operators = ['operator', ...world.people.slice(0, 2).map((person) => person.name)]
    this.#random = makeRandom(world.seed, 'history', node)
    this.#record(from, {
      kind: 'agent.started',
      agent: '0.1.0',
      firewall: {
        backend: 'memory',
        enforcing: false,
        reason: 'bans are kept in memory only, as configured',
      },
    })
    this.#step({ kind: 'plan', plan }, from)
  }

  write(line: WorldLine): void {
    this.#catchUp(line.at)
    if (line.from !== null && this.#blocked.get(line.from)?.has(line.service ?? '')) return
    this.#step({ kind: 'line', line: toLogLine(line, line.at) }, line.at)
  }

  finish(now: EpochMs): Omit<NodeHistory, 'node'> {
    this.#catchUp(now)
    return { events: this.#events, bans: this.#engine.bans() }
  }

  /** Lets bans end and operators act, in order, up to `at`. */
  #catchUp(at: EpochMs): void {
    for (;;) {
      const expiry = this.#engine.nextExpiry() ?? Infinity
      const order = this.#orders[0]
      const next = Math.min(expiry, order?.at ?? Infinity)
      if (next > at) return
      if (order && order.at <= expiry) {
        this.#orders = this.#orders.slice(1)
        this.#step({ kind: 'order', order: order.order }, order.at)
      } else this.#step({ kind: 'tick' }, expiry)
    }
  }

  #step(input: Input, at: EpochMs): void {
    for (const effect of this.#engine.step(input, at)) this.#carryOut(effect, at)
  }

  #carryOut(effect: Effect, at: EpochMs): void {
    if (effect.kind === 'ban') {
      this.#block(effect.ban)
      this.#considerLift(effect.ban, at)
    }
    const event = eventOf(effect)
    if (event === null) return
    if (event.kind === 'ban.expired' || event.kind === 'ban.lifted')
      this.#blocked.get(event.ip)?.delete(event.jail)
    this.#record(at, event)
  }

  #block({ ip, jail }: Ban): void {
    const jails = this.#blocked.get(ip) ?? new Set()
    this.#blocked.set(ip, jails.add(jail))
  }

  #considerLift({ ip }: Ban, at: EpochMs): void {
    const belongs = this.#people.has(ip)
    if (!this.#random.chance(belongs ? LIFT_PERSON : LIFT_STRANGER)) return
    const issuedAt = at + this.#random.between(2 * MINUTE_MS, 25 * MINUTE_MS)
    const order: Order = {
      kind: 'lift',
      id: `past-${this.#node}-${this.#events.length}`,
      ip,
      jail: null,
      by: this.#random.pick(this.#operators),
      reason: belongs ? 'one of us, wrong password' : 'address of a customer',
      issuedAt,
    }
    this.#orders = [...this.#orders, { at: issuedAt, order }].toSorted((a, b) => a.at - b.at)
  }

  #record(at: EpochMs, event: NodeEvent): void {
    this.#events.push({ seq: this.#events.length + 1, at, event: event as OutboxEvent['event'] })
  }
}
