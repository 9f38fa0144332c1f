import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'

/** A WebSocket whose messages are waited for one by one. */
export class LabSocket<T extends { readonly kind: string }> {
  readonly socket: WebSocket
  readonly received: T[] = []
  #closed: number | null = null
  #wake = Promise.withResolvers<void>()

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url.replace(/^http/, 'ws'), options)
    this.socket.on('message', (data: Buffer) => {
      const message: T = JSON.parse(data.toString('utf8'))
      this.received.push(message)
      this.#rouse()
    })
    this.socket.on('close', (code) => {
      this.#closed = code
      this.#rouse()
    })
    this.socket.on('error', () => {})
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message))
  }

  /** The next message of a kind that fits; those before it are passed over. */
  async next<K extends T['kind']>(
    kind: K,
    fits: (message: Extract<T, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<T, { kind: K }>> {
    for (;;) {
      while (this.received.length > 0) {
        const message = this.received.shift()
        if (message !== undefined && isOf(message, kind) && fits(message)) return message
      }
      if (this.#closed !== null) throw new Error(`closed with ${this.#closed} while waiting for ${kind}`)
      await this.#wake.promise
    }
  }

  /** The code with which the other side closes. */
  async closed(): Promise<number> {
    while (this.#closed === null) await this.#wake.promise
    return this.#closed
  }

  async open(): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open')
  }

  /** Ends it without a goodbye, as a power cut does. */
  cut(): void {
    this.socket.terminate()
  }

  #rouse(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers<void>()
  }
}

function isOf<T extends { readonly kind: string }, K extends T['kind']>(
  message: T,
  kind: K,
): message is Extract<T, { kind: K }> {
  return message.kind === kind
}

/** The HTTP status with which an upgrade is turned down. */
export async function upgradeStatus(url: string, options: ClientOptions = {}): Promise<number> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), options)
  const { promise, resolve } = Promise.withResolvers<number>()
  socket.on('unexpected-response', (_request, response) => {
    resolve(response.statusCode ?? 0)
    response.destroy()
    socket.terminate()
  })
  socket.on('open', () => {
    resolve(101)
    socket.terminate()
  })
  socket.on('error', () => {})
  return promise
}
