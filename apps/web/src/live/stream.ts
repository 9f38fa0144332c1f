import type { EventView, LiveDown, LiveUp } from '@warder/protocol/api'
import { fullJitter } from './backoff.ts'
import { Gather } from './gather.ts'

export type LiveState = 'connecting' | 'live' | 'reconnecting'

export interface StreamParts {
  readonly path: string
  /** The newest event that is known, to resume after; null: from now. */
  readonly after: () => number | null
  readonly onMessage: (message: LiveDown) => void
  readonly onState: (state: LiveState) => void
  /** Called when the stream could not be opened, to find out whether somebody is still signed in. */
  readonly onFailure: () => void
}

/** Longest silence, in ms, before the connection is taken for dead: online nodes report every 15 s. */
const SILENCE_MS = 60_000
/** Longest wait for an opening connection to say hello. */
const OPENING_MS = 10_000
const FIRST_WAIT_MS = 800
const MOST_WAIT_MS = 15_000
const WATCH_MS = 5_000

/** The live stream, kept open: after a loss it comes back by itself and resumes after the last event. */
export class Stream {
  readonly #parts: StreamParts
  readonly #backoff = fullJitter(FIRST_WAIT_MS, MOST_WAIT_MS)
  readonly #off = new AbortController()
  readonly #events = new Gather<EventView>((events) =>
    this.#parts.onMessage({ kind: 'events', events: [...events] }),
  )
  #socket: WebSocket | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setInterval> | undefined
  /** When the socket was made or last heard of, by the browser's clock. */
  #heardAt = 0
  #greeted = false

  constructor(parts: StreamParts) {
    this.#parts = parts
  }

  open(): void {
    const { signal } = this.#off
    window.addEventListener('online', () => this.retry(), { signal })
    document.addEventListener('visibilitychange', () => document.hidden || this.retry(), { signal })
    this.#watch = setInterval(() => this.#look(), WATCH_MS)
    this.#parts.onState('connecting')
    this.#connect()
  }

  /** Tries now instead of waiting. */
  retry(): void {
    if (this.#off.signal.aborted || this.#socket !== null) return
    this.#connect()
  }

  close(): void {
    this.#off.abort()
    clearTimeout(this.#timer)
    clearInterval(this.#watch)
    this.#drop()
  }

  #connect(): void {
    clearTimeout(this.#timer)
    const socket = new WebSocket(urlOf(this.#parts.path))
    this.#socket = socket
    this.#heardAt = Date.now()
    this.#greeted = false
    socket.onopen = () =>
      socket.send(JSON.stringify({ kind: 'resume', after: this.#parts.after() } satisfies LiveUp))
    socket.onmessage = (message) => this.#hear(message.data)
    socket.onclose = () => this.#lose(socket)
  }

  #hear(text: unknown): void {
    this.#heardAt = Date.now()
    const message = readDown(text)
    if (message === null) return
    if (message.kind === 'hello') {
      this.#greeted = true
      this.#backoff.reset()
      this.#parts.onState('live')
    }
    if (message.kind === 'events') return this.#events.take(message.events)
    this.#events.flush()
    this.#parts.onMessage(message)
  }

  #lose(socket: WebSocket): void {
    if (socket !== this.#socket) return
    this.#socket = null
    this.#events.flush()
    this.#parts.onState('reconnecting')
    this.#parts.onFailure()
    this.#timer = setTimeout(() => this.#connect(), this.#backoff.next())
  }

  /** Browsers do not tell of half-open connections: a laptop that slept, a proxy that forgot. */
  #look(): void {
    const socket = this.#socket
    if (socket === null) return
    const silent = Date.now() - this.#heardAt
    if (!this.#greeted && silent > OPENING_MS) {
      this.#lose(socket)
      socket.close()
    } else if (this.#greeted && silent > SILENCE_MS) {
      // With no node online silence is normal, so this is not shown unless the new connection fails.
      this.#drop()
      this.#connect()
    }
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#events.flush()
    socket?.close()
  }
}

function urlOf(path: string): string {
  const url = new URL(path, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

/** The server's schema is checked by its own tests; here only what would break the page is caught. */
function readDown(text: unknown): LiveDown | null {
  try {
    const message: unknown = JSON.parse(String(text))
    return typeof message === 'object' && message !== null && 'kind' in message ? (message as LiveDown) : null
  } catch {
    return null
  }
}
