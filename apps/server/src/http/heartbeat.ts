import type { WebSocket } from '@fastify/websocket'
import type { Clock } from '@warder/daemon'

/** After how long without a sign of life a connection is given up (ms). */
export const DEAD_AFTER_MS = 45_000

/** Asks the other side of a socket for signs of life, and gives it up when there are none. */
export class Heartbeat {
  readonly #socket: WebSocket
  readonly #clock: Clock
  #heardAt: number
  #asked = false

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket
    this.#clock = clock
    this.#heardAt = clock.now()
    socket.on('pong', () => this.heard())
  }

  heard(): void {
    this.#heardAt = this.#clock.now()
  }

  /** To be called every now and then. */
  beat(): void {
    // A clock that jumps calls many times at once; nobody could have answered in between.
    if (this.#asked) return
    this.#asked = true
    setImmediate(() => {
      this.#asked = false
    })
    if (this.#clock.now() - this.#heardAt > DEAD_AFTER_MS) this.#socket.terminate()
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }
}
