import type { Clock, Logger } from '@warder/daemon'
import type { EventView, LiveDown } from '@warder/protocol/api'
import type { JailViews } from '../jails/views.ts'
import type { NodeRow, NodeStore } from '../nodes/store.ts'
import type { NodeViews } from '../nodes/views.ts'
import { Pace } from './pace.ts'

/** How often a node's state is sent at most (ms), and how long each node of a large fleet makes all of them wait (ms). */
const NODE_EVERY_MS = 500
const PER_NODE_MS = 5
/** How often listeners are asked for a sign of life and for their right to listen (ms). */
const CHECK_EVERY_MS = 20_000

/** An open dashboard. */
export interface Listener {
  /** Takes a message as text. */
  send(text: string): void
  /** Asks for a sign of life, and ends the stream of who may not listen any more. */
  check(): void
}

export interface HubParts {
  readonly clock: Clock
  readonly log: Logger
  readonly nodes: NodeStore
  readonly nodeViews: NodeViews
  readonly jailViews: JailViews
}

/** Tells every open dashboard what was committed. */
export class Hub {
  readonly #parts: HubParts
  readonly #listeners = new Set<Listener>()
  readonly #pace: Pace<number>
  readonly #checks: Disposable
  #fresh: EventView[] = []

  constructor(parts: HubParts) {
    this.#parts = parts
    this.#pace = new Pace(
      parts.clock,
      () => this.#everyMs(),
      (nodeId) => this.#tellNode(nodeId),
    )
    this.#checks = parts.clock.every(CHECK_EVERY_MS, () => this.checkAll())
  }

  join(listener: Listener): Disposable {
    // It was told already how everything is now.
    this.#flush()
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** These events of a node are history. */
  publish(nodeId: number, events: readonly EventView[]): void {
    if (this.#listeners.size === 0) return
    // What one transaction brought of many nodes is one message.
    if (this.#fresh.length === 0) setImmediate(() => this.#flush())
    this.#fresh.push(...events)
    this.touch(nodeId)
  }

  /** Something about a node has changed. */
  touch(nodeId: number): void {
    if (this.#listeners.size > 0) this.#pace.touch(nodeId)
  }

  /** Something has changed that concerns every node. */
  touchAll(): void {
    for (const node of this.#parts.nodes.all()) this.touch(node.id)
  }

  removed(node: NodeRow): void {
    this.#tell({ kind: 'node-removed', name: node.name })
  }

  /** Sessions or tokens have ended: those who listen with them are turned out. */
  checkAll(): void {
    for (const listener of [...this.#listeners]) listener.check()
  }

  stop(): void {
    this.#listeners.clear()
    this.#pace.stop()
    this.#checks[Symbol.dispose]()
  }

  /** A node as it is now, whole. */
  snapshotOf(node: NodeRow): readonly LiveDown[] {
    return [
      { kind: 'node', node: this.#parts.nodeViews.of(node) },
      { kind: 'jails', node: node.name, jails: this.#parts.jailViews.ofNode(node) },
    ]
  }

  /** With a thousand nodes at once, saying how each is would take all of the time there is. */
  #everyMs(): number {
    return Math.max(NODE_EVERY_MS, this.#pace.size * PER_NODE_MS)
  }

  #tellNode(nodeId: number): void {
    const node = this.#parts.nodes.byId(nodeId)
    if (node === null || node.removedAt !== null) return
    for (const message of this.snapshotOf(node)) this.#tell(message)
  }

  #flush(): void {
    const events = this.#fresh
    this.#fresh = []
    if (events.length > 0) this.#say({ kind: 'events', events })
  }

  #tell(message: LiveDown): void {
    // In order: events go before what follows from them.
    this.#flush()
    this.#say(message)
  }

  #say(message: LiveDown): void {
    if (this.#listeners.size === 0) return
    const text = JSON.stringify(message)
    for (const listener of [...this.#listeners]) listener.send(text)
  }
}
