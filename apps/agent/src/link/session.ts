import type { Order } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import {
  CLOSE,
  EVENTS_PER_MESSAGE,
  FRAME_LIMIT_BYTES,
  parseDown,
  toFrame,
  type Answer,
  type Down,
  type NodeStatus,
  type Operators,
  type OutboxEvent,
  type Question,
  type Up,
  type WantedLists,
  type WantedSettings,
} from '@warder/protocol'
import type { WebSocket } from 'ws'
import type { State } from '../state/state.ts'
import type { Dialled } from './dial.ts'
import { greet, type Greeting, type Introduction } from './greeting.ts'
import type { Ending } from './link-state.ts'
import { ListParts } from './list-parts.ts'
import { afterAck, afterSending, hasRoom, openWindow, sentUpTo, type SendWindow } from './send-window.ts'

/** Nothing heard for so long, pongs included: the other side is gone. */
const SILENCE_LIMIT_MS = 45_000
const BEAT_MS = 15_000
/** Changes of the status travel together. */
const STATUS_PAUSE_MS = 1_000
/** Questions that are being answered at the same time; more are turned away. */
const QUESTIONS_LIMIT = 4
const EVENTS_BYTES = FRAME_LIMIT_BYTES / 2

/** What a session on the link joins. */
export interface SessionParts {
  readonly state: State
  readonly clock: Clock
  readonly log: Logger
  /** What the node says of itself, apart from its outbox. */
  readonly introduction: () => Omit<Introduction, 'outbox' | 'unvouched'>
  readonly status: () => NodeStatus
  readonly onOrder: (order: Order) => void
  readonly onSettings: (wanted: WantedSettings) => void
  readonly onLists: (wanted: WantedLists) => void
  readonly onOperators: (operators: Operators) => void
  /** The answer to a question; a failure is said in words. */
  readonly onQuestion: (question: Question) => Promise<Answer>
  readonly onSharing: (message: SharingMessage) => void
  /** Events up to a number are on the link. */
  readonly onSent: (upTo: number) => void
  /** The server has all events up to a number; null: it welcomed us, so it is within reach. */
  readonly onReached: (acked: number | null) => void
}

/** What the server says of bans of other nodes, and of suspending all. */
export type SharingMessage = Extract<Down, { kind: 'shares' | 'unshare' | 'shared' | 'suspension' }>

/** What the owner of a session is told of its progress. */
export interface Progress {
  onGreeting(): void
  onWelcome(): void
  onEnd(ending: Ending): void
}

/** The node's time on one connection: the greeting, then events, status, orders and settings. */
export class Session {
  readonly #parts: SessionParts
  readonly #progress: Progress
  readonly #socket: WebSocket
  readonly #unvouched: () => string | null
  readonly #timers = new DisposableStack()
  #greeting: Greeting | null = null
  #serverKey = ''
  #refused: Ending['refused'] = null
  #reason: string | null = null
  #isFinal = false
  #heardAt: number
  /** Null until the welcome. */
  #window: SendWindow | null = null
  #statusDue: Disposable | null = null
  readonly #lists = new ListParts()
  #answering = 0

  constructor({ socket, unvouched }: Dialled, parts: SessionParts, progress: Progress) {
    this.#socket = socket
    this.#unvouched = unvouched
    this.#parts = parts
    this.#progress = progress
    this.#heardAt = parts.clock.now()
    const heard = () => {
      this.#heardAt = parts.clock.now()
    }
    socket.on('open', () => progress.onGreeting())
    socket.on('ping', heard)
    socket.on('pong', heard)
    socket.on('error', (err: Error) => {
      this.#reason ??= err.message.slice(0, 300)
    })
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      heard()
      this.#receive(data, isBinary)
    })
    socket.on('close', (code: number) => this.#closed(code))
    this.#timers.use(parts.clock.every(BEAT_MS, () => this.#beat()))
  }

  /** Sends events as long as there are some and the window has room. */
  pump(): void {
    const { outbox } = this.#parts.state
    while (this.#window && hasRoom(this.#window)) {
      const events = fitting(outbox.read(sentUpTo(this.#window), EVENTS_PER_MESSAGE))
      const last = events.at(-1)
      if (!last) return
      outbox.markSent(last.seq)
      this.#window = afterSending(this.#window, last.seq)
      this.#send({ kind: 'events', events })
      this.#parts.onSent(last.seq)
    }
  }

  /** Sends the status, within a second. */
  statusSoon(): void {
    if (!this.#window || this.#statusDue) return
    this.#statusDue = this.#parts.clock.after(STATUS_PAUSE_MS, () => {
      this.#statusDue = null
      this.#sendStatus()
    })
  }

  /** Says good-bye; resolves when the connection is closed, which takes half a second at most. */
  async [Symbol.asyncDispose](): Promise<void> {
    const socket = this.#socket
    if (socket.readyState === socket.CLOSED) return
    const { promise, resolve } = Promise.withResolvers<void>()
    socket.once('close', () => resolve())
    if (socket.readyState === socket.CONNECTING) socket.terminate()
    else socket.close(1000, 'the agent stops')
    using _ = this.#parts.clock.after(500, () => socket.terminate())
    await promise
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) return this.#object('the server sent a binary frame')
    const parsed = parseDown(data.toString('utf8'))
    if (!parsed.ok) return this.#object(`the server said what we do not understand: ${parsed.problem}`)
    try {
      this.#take(parsed.message)
    } catch (err) {
      this.#parts.log.error({ code: 'link.failed', err }, 'a message of the server could not be dealt with')
      this.#object('a message of the server could not be dealt with')
    }
  }

  #take(message: Down): void {
    switch (message.kind) {
      case 'challenge':
        return this.#challenged(message)
      case 'welcome':
        return this.#welcomed(message)
      case 'refused':
        this.#refused = message
        return
    }
    if (!this.#window) return this.#object(`the server said ${message.kind} before its welcome`)
    switch (message.kind) {
      case 'ack':
        return this.#acked(message.acked)
      case 'order':
        return this.#parts.onOrder(message.order)
      case 'settings':
        return this.#parts.onSettings(message.settings)
      case 'lists': {
        const whole = this.#lists.take(message.part)
        if (whole !== null) this.#parts.onLists(whole)
        return
      }
      case 'operators':
        return this.#parts.onOperators(message.operators)
      case 'question':
        return void this.#answer(message)
      case 'shares':
      case 'unshare':
      case 'shared':
      case 'suspension':
        return this.#parts.onSharing(message)
    }
  }

  async #answer({ id, question }: Extract<Down, { kind: 'question' }>): Promise<void> {
    const refuse = (reason: string): void =>
      this.#send({ kind: 'answer', id, answer: { kind: 'refused', code: 'failed', reason } })
    if (this.#answering >= QUESTIONS_LIMIT) return refuse('the node is busy with other questions')
    this.#answering++
    try {
      this.#send({ kind: 'answer', id, answer: await this.#parts.onQuestion(question) })
    } catch (err) {
      this.#parts.log.warn({ code: 'question.failed', err }, 'a question of the server could not be answered')
      refuse('the agent could not answer; its log has the reason')
    } finally {
      this.#answering--
    }
  }

  #challenged(challenge: Extract<Down, { kind: 'challenge' }>): void {
    const { state, introduction } = this.#parts
    if (this.#greeting) return this.#object('the server challenged twice')
    const begun = greet(challenge, state.identity, {
      ...introduction(),
      outbox: state.outbox.id(),
      unvouched: this.#unvouched(),
    })
    if (!begun.ok) {
      this.#isFinal = begun.isFinal
      return this.#object(begun.reason)
    }
    this.#greeting = begun.greeting
    this.#serverKey = challenge.key
    this.#send(begun.greeting.hello)
  }

  #welcomed(welcome: Extract<Down, { kind: 'welcome' }>): void {
    const { state, clock, log, onSettings } = this.#parts
    const greeting = this.#greeting
    if (!greeting || this.#window) return this.#object('the server welcomed us out of turn')
    if (!greeting.isFrom(welcome)) return this.#object('the welcome is not signed with the key of the server')
    const isRenewed = state.together(() => {
      state.identity.settle({ node: welcome.node, serverKey: this.#serverKey, join: greeting.join })
      const isNew = state.outbox.agree(welcome.acked, clock.now())
      if (!isNew) state.outbox.forget(welcome.acked)
      return isNew
    })
    if (isRenewed) {
      log.warn('the server has events that this state does not know: beginning a new outbox')
      this.#reason = 'the outbox was begun anew'
      return this.#socket.close(1000)
    }
    this.#window = openWindow(welcome.acked)
    this.#progress.onWelcome()
    this.#parts.onReached(null)
    this.#sendStatus()
    onSettings(welcome.settings)
    this.pump()
  }

  #acked(acked: number): void {
    const before = this.#window
    if (!before) return
    this.#window = afterAck(before, acked)
    if (this.#window === before) return
    // Where this fails they are sent again after the next welcome, which says the same.
    this.#parts.state.together(() => this.#parts.state.outbox.forget(acked))
    this.#parts.onReached(acked)
    this.pump()
  }

  #sendStatus(): void {
    if (this.#window) this.#send({ kind: 'status', status: this.#parts.status() })
  }

  #send(message: Up): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(toFrame(message))
  }

  #beat(): void {
    if (this.#parts.clock.now() - this.#heardAt >= SILENCE_LIMIT_MS) {
      this.#reason = `nothing heard for ${SILENCE_LIMIT_MS / 1_000} s`
      return this.#socket.terminate()
    }
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
    this.#sendStatus()
  }

  /** Ends the connection for what the other side did. */
  #object(reason: string): void {
    this.#reason ??= reason
    this.#socket.close(CLOSE.protocol)
  }

  #closed(code: number): void {
    this.#timers.dispose()
    this.#statusDue?.[Symbol.dispose]()
    this.#window = null
    this.#progress.onEnd({ code, refused: this.#refused, reason: this.#reason, isFinal: this.#isFinal })
  }
}

/** As many of the events as a frame takes, at least one. */
function fitting(events: readonly OutboxEvent[]): OutboxEvent[] {
  const taken: OutboxEvent[] = []
  let bytes = 0
  for (const event of events) {
    bytes += Buffer.byteLength(JSON.stringify(event))
    if (bytes > EVENTS_BYTES && taken.length > 0) break
    taken.push(event)
  }
  return taken
}
