import {
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyPairKeyObjectResult,
} from 'node:crypto'
import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { createServer, type ServerOptions } from 'node:https'
import { createServer as createPlainServer } from 'node:http'
import {
  CHANNEL_LABEL,
  CHANNEL_LENGTH_BYTES,
  channelBytes,
  CLOSE,
  formatJoin,
  helloBytes,
  LINK_PATH,
  LINK_VERSION,
  parseUp,
  toFrame,
  welcomeBytes,
  type Answer,
  type Down,
  type Hello,
  type NodeStatus,
  type OutboxEvent,
  type WantedSettings,
} from '@warder/protocol'
import { WebSocketServer, type WebSocket } from 'ws'
import { isSignedBy, keyFingerprint } from '../state/identity.ts'

/** What is heard of lists and operators where a test is about something else. */
export const UNHEARD = { onLists: () => {}, onOperators: () => {}, onReached: () => {}, onSent: () => {} }

/** How a lab server answers a hello. */
type Manner = 'welcome' | 'refuse' | 'forge' | 'silent'

/**
 * A server that speaks the frames of the link with a real key, and keeps what it is sent by the rules of the real
 * one: numbers without gaps, or a gap notice. Only for tests.
 */
export class LabServer implements AsyncDisposable {
  readonly #http: Server
  readonly #keys: KeyPairKeyObjectResult
  readonly key: string
  readonly joinCode = randomBytes(16).toString('base64url')
  readonly hellos: Hello[] = []
  readonly statuses: NodeStatus[] = []
  readonly history: OutboxEvent[] = []
  readonly closed: number[] = []
  readonly answers = new Map<string, Answer>()
  manner: Manner = 'welcome'
  refusal: Extract<Down, { kind: 'refused' }>['code'] = 'node-removed'
  settings: WantedSettings = { revision: 0, jails: {} }
  /** Whether events are acknowledged as they come. */
  acks = true
  /** Whether it vouches for its end of TLS. */
  vouches = false
  /** What the server has of the outbox. */
  acked = 0
  /** Set when the rules of the numbers were broken. */
  gap: string | null = null
  #link: WebSocket | null = null
  readonly #waiting = new Set<() => void>()

  private constructor(http: Server, keys: KeyPairKeyObjectResult) {
    this.#http = http
    this.#keys = keys
    this.key = toRaw(createPublicKey(keys.privateKey).export({ format: 'jwk' }).x)
    const sockets = new WebSocketServer({ server: http as never, path: LINK_PATH })
    sockets.on('connection', (socket, { socket: raw }) => this.#accept(socket, raw))
  }

  /** `same`: it has the key of that one. */
  static async start(tls?: ServerOptions, same?: LabServer): Promise<LabServer> {
    const http = tls ? createServer(tls) : createPlainServer()
    const lab = new LabServer(http, same === undefined ? generateKeyPairSync('ed25519') : same.#keys)
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return lab
  }

  get port(): number {
    const address = this.#http.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`
  }

  get join(): string {
    return formatJoin({ code: this.joinCode, fingerprint: keyFingerprint(this.key) })
  }

  /** Resolves once the condition holds, looked at after everything that comes in. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  send(message: Down | { kind: string }): void {
    this.#link?.send(typeof message === 'string' ? message : toFrame(message as Down))
  }

  ack(): void {
    this.acked = this.history.at(-1)?.seq ?? this.acked
    this.send({ kind: 'ack', acked: this.acked })
  }

  /** Closes the link with a code; null: cuts it without a word. */
  close(code: number | null): void {
    if (code === null) this.#link?.terminate()
    else this.#link?.close(code)
  }

  /** Says nothing any more, pongs included. */
  freeze(): void {
    this.#link?.pause()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#link?.terminate()
    this.#http.close()
    await once(this.#http, 'close')
  }

  #accept(socket: WebSocket, raw: Socket): void {
    this.#link = socket
    const nonce = randomBytes(32).toString('base64')
    socket.on('error', () => {})
    socket.on('close', (code) => {
      this.closed.push(code)
      if (this.#link === socket) this.#link = null
      this.#tell()
    })
    socket.on('message', (data: Buffer) => {
      const parsed = parseUp(data.toString('utf8'))
      if (!parsed.ok) {
        this.gap = parsed.problem
        return socket.close(CLOSE.protocol)
      }
      const { message } = parsed
      if (message.kind === 'hello') this.#greet(socket, nonce, message)
      else if (message.kind === 'status') this.statuses.push(message.status)
      else if (message.kind === 'answer') this.answers.set(message.id, message.answer)
      else this.#keep(message.events)
      this.#tell()
    })
    const exported =
      this.vouches && raw instanceof TLSSocket
        ? raw.exportKeyingMaterial(CHANNEL_LENGTH_BYTES, CHANNEL_LABEL, Buffer.alloc(0)).toString('base64')
        : null
    const channel =
      exported === null ? {} : { channel: this.#sign(channelBytes({ serverNonce: nonce, exported })) }
    socket.send(toFrame({ kind: 'challenge', version: LINK_VERSION, nonce, key: this.key, ...channel }))
  }

  #sign(text: string): string {
    return sign(null, Buffer.from(text), this.#keys.privateKey).toString('base64')
  }

  #greet(socket: WebSocket, serverNonce: string, hello: Hello): void {
    const { version, key, nonce } = hello
    const bytes = helloBytes({ version, serverNonce, serverKey: this.key, key, nonce })
    if (!isSignedBy(key, bytes, hello.signature)) throw new Error('the hello is not signed by its key')
    this.hellos.push(hello)
    if (this.manner === 'silent') return
    if (this.manner === 'refuse') {
      socket.send(toFrame({ kind: 'refused', code: this.refusal, message: `because ${this.refusal}` }))
      return socket.close(CLOSE.refused)
    }
    const text = this.manner === 'forge' ? 'something else' : welcomeBytes({ serverNonce, nonce, key })
    const signature = this.#sign(text)
    const { settings, acked } = this
    socket.send(toFrame({ kind: 'welcome', node: hello.name, signature, acked, settings, at: 0 }))
  }

  #keep(events: readonly OutboxEvent[]): void {
    for (const event of events) {
      const last = this.history.at(-1)?.seq ?? this.acked
      if (event.seq <= last) continue
      if (event.seq !== last + 1 && event.event.kind !== 'outbox.gapped')
        this.gap = `${event.seq} after ${last}`
      this.history.push(event)
    }
    if (this.acks) this.ack()
  }

  #tell(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}

const toRaw = (x: string | undefined): string => Buffer.from(x ?? '', 'base64url').toString('base64')
