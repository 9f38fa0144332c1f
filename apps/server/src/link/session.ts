import type { EpochMs } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import {
  CLOSE,
  parseUp,
  toFrame,
  type Answer,
  type Down,
  type NodeStatus,
  type OutboxEvent,
} from '@warder/protocol'
import type { WebSocket } from '@fastify/websocket'
import { Heartbeat } from '../http/heartbeat.ts'
import type { Linked } from './roster.ts'

/** How often an agent is asked for a sign of life (ms). */
const PING_EVERY_MS = 20_000

/** An agent that was let in. */
export interface LinkedNode {
  readonly id: number
  readonly name: string
  readonly cluster: string | null
}

/** What became of a batch: in history up to a number, refused for a gap before `expected`, or not written. */
export type Taken =
  | { readonly kind: 'acked'; readonly acked: number }
  | { readonly kind: 'gap'; readonly expected: number }
  | { readonly kind: 'failed' }

export interface Batch {
  readonly node: LinkedNode
  readonly outboxId: number
  readonly events: readonly OutboxEvent[]
}

export interface SessionParts {
  readonly socket: WebSocket
  readonly clock: Clock
  readonly log: Logger
  readonly node: LinkedNode
  readonly outboxId: number
  /** The version of the link that the agent speaks. */
  readonly version: number
  onEvents(batch: Batch, done: (taken: Taken) => void): void
  onStatus(node: LinkedNode, status: NodeStatus): void
  onAnswer(node: LinkedNode, id: string, answer: Answer): void
}

/** One agent's time on the link, from its welcome to its close. */
export class Session implements Linked {
  readonly nodeId: number
  readonly since: EpochMs
  readonly version: number
  readonly #parts: SessionParts
  readonly #heartbeat: Heartbeat

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.nodeId = parts.node.id
    this.since = parts.clock.now()
    this.version = parts.version
    this.#heartbeat = new Heartbeat(parts.socket, parts.clock)
    const pings = parts.clock.every(PING_EVERY_MS, () => this.#heartbeat.beat())
    parts.socket.on('close', () => pings[Symbol.dispose]())
  }

  send(message: Down): void {
    if (this.#isOpen()) this.#parts.socket.send(toFrame(message))
  }

  close(code: number, reason: string): void {
    if (this.#isOpen()) this.#parts.socket.close(code, reason)
  }

  /** Takes a frame of the agent. */
  take(bytes: string): void {
    this.#heartbeat.heard()
    const parsed = parseUp(bytes)
    if (!parsed.ok) return this.#breaks(parsed.problem)
    const { node, outboxId, onEvents, onStatus, onAnswer } = this.#parts
    const { message } = parsed
    switch (message.kind) {
      case 'hello':
        return this.#breaks('a second hello')
      case 'status':
        return onStatus(node, message.status)
      case 'answer':
        return onAnswer(node, message.id, message.answer)
      case 'events':
        return onEvents({ node, outboxId, events: message.events }, (taken) => this.#answer(taken))
    }
  }

  #answer(taken: Taken): void {
    if (taken.kind === 'acked') this.send({ kind: 'ack', acked: taken.acked })
    else if (taken.kind === 'gap') this.#breaks(`events are missing before number ${taken.expected}`)
    else this.close(1011, 'the events could not be written')
  }

  #breaks(problem: string): void {
    this.#parts.log.warn({ node: this.#parts.node.name, problem }, 'agent broke the protocol of the link')
    this.close(CLOSE.protocol, problem.slice(0, 100))
  }

  #isOpen(): boolean {
    return this.#parts.socket.readyState === this.#parts.socket.OPEN
  }
}
