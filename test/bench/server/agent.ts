import type { Down, OutboxEvent } from '@warder/protocol'
import { LINK_PATH } from '@warder/protocol'
import { WebSocket } from 'ws'
import { LabNode } from '../../../apps/server/src/lab/agent.ts'

/** Messages that are under way without an acknowledgement, as an agent has. */
const WINDOW = 4
const PER_MESSAGE = 200

/** An agent that speaks the real link: it keeps what is not acknowledged, and sends it again when it is back. */
export class BenchAgent {
  readonly node: LabNode
  readonly #url: string
  #join: string | undefined
  #socket: WebSocket | null = null
  /** Not acknowledged yet, oldest first; the first `#sent` of them are under way. */
  #outbox: OutboxEvent[] = []
  #sent = 0
  #inFlight: number[] = []
  #welcomed = Promise.withResolvers<void>()
  recorded = 0
  acked = 0
  /** Acknowledgements that went back or beyond what was recorded. */
  disorder = 0

  constructor(name: string, url: string, joinText: string) {
    this.node = new LabNode(name)
    this.#url = url
    this.#join = joinText
  }

  /** Dials and waits for the welcome. `url`: where the server is now. */
  async dial(url = this.#url): Promise<void> {
    this.#welcomed = Promise.withResolvers<void>()
    const socket = new WebSocket(url.replace(/^http/, 'ws') + LINK_PATH, { perMessageDeflate: false })
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('close', () => this.#welcomed.reject(new Error(`${this.node.name} was turned away`)))
    socket.on('message', (data: Buffer) => {
      const message: Down = JSON.parse(data.toString('utf8'))
      if (message.kind === 'challenge') {
        const over = this.#join === undefined ? {} : { join: this.#join }
        socket.send(JSON.stringify(this.node.hello(message, over)))
      } else if (message.kind === 'welcome') {
        this.#join = undefined
        this.#forget(message.acked)
        this.#sent = 0
        this.#inFlight = []
        this.#welcomed.resolve()
        this.#pump()
      } else if (message.kind === 'ack') this.#take(message.acked)
    })
    return this.#welcomed.promise
  }

  /** Records failures and sends what the window allows. */
  record(events: readonly OutboxEvent[]): void {
    this.recorded += events.length
    this.#outbox.push(...events)
    this.#pump()
  }

  report(at: number): void {
    if (this.#isOpen()) this.#socket?.send(JSON.stringify({ kind: 'status', status: this.node.status(at) }))
  }

  hangUp(): void {
    this.#socket?.terminate()
  }

  #take(acked: number): void {
    if (acked < this.acked || acked > this.recorded) this.disorder++
    const before = this.acked
    this.#forget(acked)
    this.#sent = Math.max(0, this.#sent - (this.acked - before))
    this.#inFlight = this.#inFlight.filter((last) => last > acked)
    this.#pump()
  }

  #forget(acked: number): void {
    const known = this.#outbox.findIndex(({ seq }) => seq > acked)
    this.#outbox = known === -1 ? [] : this.#outbox.slice(known)
    this.acked = Math.max(this.acked, acked)
  }

  #pump(): void {
    while (this.#isOpen() && this.#inFlight.length < WINDOW && this.#sent < this.#outbox.length) {
      const events = this.#outbox.slice(this.#sent, this.#sent + PER_MESSAGE)
      this.#sent += events.length
      this.#inFlight.push(events.at(-1)?.seq ?? 0)
      this.#socket?.send(JSON.stringify({ kind: 'events', events }))
    }
  }

  #isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }
}
