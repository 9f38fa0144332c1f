import { EventEmitter } from 'node:events'
import type { WebSocket } from 'ws'

/** One end of a connection in memory, as both sides of the link use a WebSocket. */
export class End extends EventEmitter {
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSING = 2
  readonly CLOSED = 3
  readyState = 0
  readonly #wire: Wire

  constructor(wire: Wire) {
    super()
    this.#wire = wire
  }

  get asSocket(): WebSocket {
    return this as unknown as WebSocket
  }

  send(text: string): void {
    if (this.readyState === this.OPEN) this.#wire.carry(this, text)
  }

  close(code = 1005): void {
    this.#wire.end(code)
  }

  terminate(): void {
    this.#wire.end(1006)
  }

  /** It is answered as long as frames come through. */
  ping(): void {
    if (!this.#wire.isHeld) this.emit('pong')
  }
}

type Direction = 'up' | 'down'

/**
 * A connection between a node and the server whose frames arrive when they are let through: in order, each once, and the
 * last ones not at all where it is cut. More a WebSocket over TCP cannot do to them.
 */
export class Wire {
  readonly node = new End(this)
  readonly server = new End(this)
  readonly frames: Record<Direction, string[]> = { up: [], down: [] }
  /** Kinds of messages of the server, in order. */
  readonly said: string[] = []
  /** Whether frames wait. */
  isHeld = false

  open(): void {
    this.node.readyState = this.server.readyState = 1
    this.node.emit('open')
  }

  carry(from: End, text: string): void {
    if (from === this.server) this.said.push(/"kind":"([a-z]+)"/.exec(text)?.[1] ?? '')
    this.frames[from === this.node ? 'up' : 'down'].push(text)
  }

  /** Lets the next frame of a direction through; false: there is none. */
  let(direction: Direction): boolean {
    const frame = this.frames[direction].shift()
    if (frame === undefined) return false
    const to = direction === 'up' ? this.server : this.node
    to.emit('message', Buffer.from(frame), false)
    return true
  }

  end(code: number): void {
    if (this.node.readyState === 3) return
    this.node.readyState = this.server.readyState = 3
    this.frames.up.length = this.frames.down.length = 0
    this.node.emit('close', code)
    this.server.emit('close', code)
  }
}
