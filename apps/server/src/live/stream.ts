import type { WebSocket } from '@fastify/websocket'
import type { Clock, Logger } from '@warder/daemon'
import { liveUp, type LiveDown, type LiveUp } from '@warder/protocol/api'
import type { Identify } from '../auth/identify.ts'
import type { Principal } from '../auth/principal.ts'
import type { EventStore } from '../events/store.ts'
import type { NodeStore } from '../nodes/store.ts'
import { Heartbeat } from '../http/heartbeat.ts'
import type { Hub, Listener } from './hub.ts'
import { BACKLOG_LIMIT_BYTES, FIRST_LIMIT_MS, LIVE_EVENTS_PER_MESSAGE, UP_LIMIT_BYTES } from './limits.ts'
import { mustReadAnew } from './resume.ts'

export interface StreamParts {
  readonly clock: Clock
  readonly log: Logger
  readonly hub: Hub
  readonly events: EventStore
  readonly nodes: NodeStore
  readonly identify: Identify
  /** A dashboard is still open. */
  onStill(principal: Principal): void
}

/** One open dashboard, from its first message on. */
class Stream implements Listener {
  readonly #socket: WebSocket
  readonly #principal: Principal
  readonly #parts: StreamParts
  readonly #heartbeat: Heartbeat

  constructor(socket: WebSocket, principal: Principal, parts: StreamParts) {
    this.#socket = socket
    this.#principal = principal
    this.#parts = parts
    this.#heartbeat = new Heartbeat(socket, parts.clock)
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(text)
    if (this.#socket.bufferedAmount <= BACKLOG_LIMIT_BYTES) return
    // It comes back and resumes where it stopped; keeping all of it here would take the memory of everybody else.
    this.#parts.log.warn({ bytes: this.#socket.bufferedAmount }, 'a dashboard is too slow and is dropped')
    this.#socket.terminate()
  }

  check(): void {
    const now = this.#parts.clock.now()
    if (!this.#parts.identify.isStill(this.#principal, now)) {
      this.#say({ kind: 'signed-out' })
      this.#socket.close(1000, 'signed out')
      return
    }
    this.#heartbeat.beat()
    this.#parts.onStill(this.#principal)
  }

  /** Tells what was missed and how everything is now, then all that comes. */
  begin({ after }: LiveUp): void {
    const { hub, events, nodes } = this.#parts
    const ends = events.ends()
    const reset = mustReadAnew(after, ends)
    this.#say({ kind: 'hello', seq: ends.newest, reset })
    if (after !== null && !reset) {
      const missed = events.since(after, ends.newest - after)
      for (let at = 0; at < missed.length; at += LIVE_EVENTS_PER_MESSAGE) {
        this.#say({ kind: 'events', events: missed.slice(at, at + LIVE_EVENTS_PER_MESSAGE) })
      }
    }
    for (const { name } of nodes.removed()) this.#say({ kind: 'node-removed', name })
    for (const node of nodes.all()) for (const message of hub.snapshotOf(node)) this.#say(message)
    const membership = hub.join(this)
    this.#socket.on('close', () => membership[Symbol.dispose]())
  }

  #say(message: LiveDown): void {
    this.send(JSON.stringify(message))
  }
}

function readUp(text: string): LiveUp | null {
  try {
    return liveUp.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Takes a dashboard's socket: waits for its first message, then streams. */
export function openStream(socket: WebSocket, principal: Principal, parts: StreamParts): void {
  const patience = parts.clock.after(FIRST_LIMIT_MS, () => socket.terminate())
  let begun = false
  socket.on('close', () => patience[Symbol.dispose]())
  socket.on('message', (data, isBinary) => {
    const text =
      isBinary || !Buffer.isBuffer(data) || data.length > UP_LIMIT_BYTES ? '' : data.toString('utf8')
    const up = begun ? null : readUp(text)
    if (!up) return socket.close(4400, 'expected one resume message')
    begun = true
    patience[Symbol.dispose]()
    try {
      new Stream(socket, principal, parts).begin(up)
    } catch (err) {
      parts.log.error({ err }, 'a live stream could not begin')
      socket.close(1011, 'the server made a mistake')
    }
  })
}
