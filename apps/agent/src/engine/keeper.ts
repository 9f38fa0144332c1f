import type { Ban, EpochMs, NodeEvent } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { Enforcer } from './enforcer.ts'

const LOOK_MS = 5_000
/** News come in bursts: after the first the next look waits so long. */
const NEWS_GAP_MS = 1_000
/** Looking at very many bans is costly: what takes longer than this may take one part in twenty of the time. */
const COSTLY_MS = 1_000
const SHARE = 20

interface Parts {
  readonly enforcer: Enforcer
  readonly clock: Clock
  /** The bans that are to be in force. */
  readonly wanted: () => readonly Ban[]
  /** The engine's time. */
  readonly now: () => EpochMs
  /** Runs a task when nothing else is changed. */
  readonly inTurn: (task: () => Promise<void>) => Promise<void>
  /** Records what happened; to be called in turn. */
  readonly tell: (events: readonly NodeEvent[]) => Promise<void>
}

/**
 * Sees to it that the firewall keeps what it was told: looks every five seconds, and at once when somebody else was at
 * it. Lines are decided on and bans are made while it looks; only putting right takes its turn among them.
 */
export class Keeper implements Disposable {
  readonly #parts: Parts
  readonly #timers = new DisposableStack()
  #looking: Promise<void> | null = null
  #next: Disposable | null = null
  /** No look before this time. */
  #rest = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Begins to look by the clock. */
  start(): void {
    this.#timers.use(this.#parts.clock.every(LOOK_MS, () => void this.#look()))
  }

  /** Somebody else may have changed the firewall. */
  news(): void {
    if (this.#next !== null) return
    const { clock } = this.#parts
    const wait = Math.max(0, this.#rest - clock.now())
    if (wait === 0 && this.#looking === null) return void this.#look()
    this.#next = clock.after(Math.max(wait, NEWS_GAP_MS), () => {
      this.#next = null
      void this.#look()
    })
  }

  /** Resolves when no look is under way. */
  async idle(): Promise<void> {
    await this.#looking
  }

  [Symbol.dispose](): void {
    this.#next?.[Symbol.dispose]()
    this.#timers.dispose()
  }

  #look(): Promise<void> {
    const { clock } = this.#parts
    if (this.#looking !== null || clock.now() < this.#rest) return Promise.resolve()
    this.#looking = this.#lookNow()
      // What fails in turn is logged there.
      .catch(() => {})
      .finally(() => {
        this.#looking = null
      })
    return this.#looking
  }

  async #lookNow(): Promise<void> {
    const { enforcer, clock, inTurn, wanted, now, tell } = this.#parts
    if (enforcer.isInTrouble) return
    const from = clock.now()
    try {
      const found = await enforcer.look()
      const took = clock.now() - from
      this.#rest = took > COSTLY_MS ? clock.now() + took * SHARE : 0
      if (found === null) return
      await inTurn(async () => tell(await enforcer.mend(wanted(), found, now())))
    } catch (err) {
      await inTurn(async () => tell(await enforcer.failed(err)))
    }
  }
}
