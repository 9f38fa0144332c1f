import { randomUUID } from 'node:crypto'
import type { NodeEvent } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import type { Suspended, SuspensionWish } from '@warder/protocol'
import type { Loop } from '../engine/loop.ts'
import type { Suspensions } from '../state/suspensions.ts'
import type { State } from '../state/state.ts'
import type { ClusterFile } from './cluster-file.ts'
import {
  decideFound,
  decideWish,
  isOver,
  type Decision,
  type Found,
  type Known,
  type Source,
} from './decide.ts'

const LOOK_MS = 5_000
const TICK_MS = 1_000
/** Who ends a suspension whose time is over. */
const CLOCK = 'the time is over'

interface Parts {
  readonly loop: Loop
  readonly state: State
  readonly clock: Clock
  readonly log: Logger
  readonly file: ClusterFile
  /** Enforcing was suspended, or goes on. */
  readonly onChange: () => void
}

/** Lets the node enforce nothing for a while, whoever wants it so, and go on by itself. Nothing of it needs the server. */
export class Suspender implements Disposable {
  readonly #parts: Parts
  readonly #kept: Suspensions
  readonly #timers = new DisposableStack()
  #current: Suspended | null
  #tail: Promise<unknown> = Promise.resolve()
  #trouble = ''

  constructor(parts: Parts) {
    this.#parts = parts
    this.#kept = parts.state.suspensions
    this.#current = this.#kept.current()
  }

  get current(): Suspended | null {
    return this.#current
  }

  /** Begins to look at the clock and at the cluster's file. */
  start(): void {
    const { clock } = this.#parts
    this.#timers.use(clock.every(TICK_MS, () => this.#tick()))
    this.#timers.use(clock.every(LOOK_MS, () => void this.look()))
    void this.look()
  }

  /** Looks at the cluster's file now. */
  async look(): Promise<void> {
    const found = await this.#parts.file.look()
    this.#tell(found)
    const id = found.kind === 'wish' ? found.wish.id : null
    await this.#do('cluster', id, (known) => decideFound(found, known))
  }

  /** A wish of the server or of the command line → why the firewall does not follow it yet; null: it is done. */
  take(wish: SuspensionWish, source: Source): Promise<string | null> {
    return this.#do(source, wish.id, (known) => decideWish(wish, source, known))
  }

  /** Enforces again, whoever asked for the suspension → whether there was one. */
  async resume(by: string): Promise<boolean> {
    const isSuspended = this.#current !== null
    await this.take({ id: randomUUID(), until: null, by }, 'node')
    return isSuspended
  }

  [Symbol.dispose](): void {
    this.#timers.dispose()
  }

  #tick(): void {
    if (!isOver(this.#current, this.#parts.clock.now())) return
    void this.#do('node', null, ({ current, now }) =>
      isOver(current, now) ? { kind: 'resume', by: CLOCK } : { kind: 'nothing' },
    )
  }

  /** One after the other: each decides on what the one before left. */
  #do(source: Source, id: string | null, decide: (known: Known) => Decision): Promise<string | null> {
    const done = this.#tail.then(async () => {
      const { clock } = this.#parts
      const handled = this.#kept.handled(source)
      const decision = decide({ current: this.#current, handled, now: clock.now() })
      const isNew = id !== null && id !== handled
      if (decision.kind === 'nothing' && !isNew) return null
      return this.#carryOut(decision, isNew ? { source, id } : null)
    })
    this.#tail = done.catch((err: unknown) =>
      this.#parts.log.error({ code: 'suspension.failed', err }, 'a suspension failed'),
    )
    return done
  }

  async #carryOut(decision: Decision, wish: { source: Source; id: string } | null): Promise<string | null> {
    const { loop, log, onChange } = this.#parts
    const note = (): void => {
      if (wish !== null) this.#kept.note(wish.source, wish.id)
    }
    if (decision.kind === 'nothing') {
      await loop.write(note)
      return null
    }
    const next = decision.kind === 'suspend' ? decision.suspended : null
    this.#current = next
    const write = (): void => {
      note()
      this.#kept.put(next)
    }
    const trouble = await loop.suspend(next, { write, events: [eventOf(decision)] })
    if (next === null) log.warn('bans are enforced again')
    else log.warn({ until: new Date(next.until).toISOString(), source: next.source }, 'nothing is enforced')
    onChange()
    return trouble
  }

  #tell(found: Found): void {
    const trouble = found.kind === 'unreadable' ? found.reason : ''
    if (trouble !== '' && trouble !== this.#trouble)
      this.#parts.log.warn(
        { code: 'panic.unreadable', reason: trouble },
        "the cluster's panic file cannot be read",
      )
    this.#trouble = trouble
  }
}

function eventOf(decision: Exclude<Decision, { kind: 'nothing' }>): NodeEvent {
  if (decision.kind === 'resume') return { kind: 'firewall.resumed', by: decision.by }
  const { until, by, reason } = decision.suspended
  return { kind: 'firewall.suspended', until, by, ...(reason === undefined ? {} : { reason }) }
}
