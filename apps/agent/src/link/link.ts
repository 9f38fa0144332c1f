import { fullJitter } from '@warder/daemon'
import { LINK_PATH } from '@warder/protocol'
import { dial, type Trust } from './dial.ts'
import { afterEnd, linkUrl, type Ending, type LinkState } from './link-state.ts'
import { Session, type SessionParts } from './session.ts'

const FIRST_DELAY_MS = 1_000
const LAST_DELAY_MS = 60_000
/** For what hardly heals soon. */
const SLOW_DELAY_MS = 60_000

/** What the link joins. */
export interface LinkParts extends SessionParts {
  readonly server: string
  readonly trust: Trust
  /** The link changed its state. */
  readonly onChange: (state: LinkState) => void
}

/** Keeps a connection to the server, dialling again whenever it ends. Nothing on the node waits for it. */
export class Link {
  readonly #parts: LinkParts
  readonly #backoff = fullJitter(FIRST_DELAY_MS, LAST_DELAY_MS)
  #state: LinkState
  #session: Session | null = null
  #redial: Disposable | null = null
  #lastReason = ''
  #ended = false

  constructor(parts: LinkParts) {
    this.#parts = parts
    this.#state = { kind: 'connecting', server: parts.server }
  }

  get state(): LinkState {
    return this.#state
  }

  start(): void {
    this.#dial()
  }

  /** Events were recorded: they are sent as far as the server keeps up, and the status follows. */
  wake(): void {
    this.#session?.pump()
    this.#session?.statusSoon()
  }

  /** Dials at once where the link waits or was stopped: something that kept it from working may have changed. */
  again(): void {
    if (this.#state.kind !== 'waiting' && this.#state.kind !== 'stopped') return
    this.#redial?.[Symbol.dispose]()
    this.#backoff.reset()
    this.#dial()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    this.#redial?.[Symbol.dispose]()
    await this.#session?.[Symbol.asyncDispose]()
  }

  #enter(state: LinkState): void {
    this.#state = state
    this.#parts.onChange(state)
  }

  #dial(): void {
    const { server, trust, clock, log } = this.#parts
    this.#enter({ kind: 'connecting', server })
    this.#session = new Session(dial(linkUrl(server, LINK_PATH), trust), this.#parts, {
      onGreeting: () => this.#enter({ kind: 'greeting', server }),
      onWelcome: () => {
        this.#backoff.reset()
        this.#lastReason = ''
        log.info({ node: this.#parts.state.identity.node() }, 'connected to the server')
        this.#enter({ kind: 'streaming', server, since: clock.now() })
      },
      onEnd: (ending) => this.#ends(ending),
    })
  }

  #ends(ending: Ending): void {
    const { server, clock, log } = this.#parts
    this.#session = null
    if (this.#ended) return
    const after = afterEnd(ending)
    if (after.kind === 'stop') {
      log.error({ code: 'link.stopped', reason: after.reason }, 'the link to the server is stopped')
      return this.#enter({ kind: 'stopped', server, reason: after.reason })
    }
    const delay = after.slowly ? SLOW_DELAY_MS : this.#backoff.next()
    // A server that is away for a night is said once, not at every try.
    const level = after.reason === this.#lastReason ? 'debug' : after.slowly ? 'error' : 'warn'
    log[level]({ code: 'link.lost', reason: after.reason, ms: delay }, 'not connected to the server')
    this.#lastReason = after.reason
    this.#redial = clock.after(delay, () => this.#dial())
    this.#enter({ kind: 'waiting', server, until: clock.now() + delay, reason: after.reason })
  }
}
