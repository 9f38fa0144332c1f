import type { Clock } from '@warder/daemon'

/** How long an event may take to the history and back (ms). */
const LIMIT_MS = 10_000

/** When an event was sent and when it was acknowledged, by performance.now(); null: not in time. */
export interface Followed {
  readonly sentAt: number | null
  readonly ackedAt: number | null
}

interface Mark {
  readonly upTo: number
  readonly at: number
}

/** Follows events of the outbox to the server. */
export class Way {
  readonly #clock: Clock
  readonly #trails = new Set<Trail>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Events up to a number are on the link. */
  sent(upTo: number): void {
    for (const trail of this.#trails) trail.sent(upTo)
  }

  /** The server has all events up to a number. */
  acked(upTo: number): void {
    for (const trail of this.#trails) trail.acked(upTo)
  }

  /** To be begun before the event is recorded: it may be sent while that is awaited. */
  begin(): Trail {
    const trail = new Trail(this.#clock, () => this.#trails.delete(trail))
    this.#trails.add(trail)
    return trail
  }
}

/** What was sent and acknowledged since it was begun. */
export class Trail implements Disposable {
  readonly #clock: Clock
  readonly #end: () => void
  readonly #sent: Mark[] = []
  readonly #acked: Mark[] = []
  #onAck: () => void = () => {}

  constructor(clock: Clock, end: () => void) {
    this.#clock = clock
    this.#end = end
  }

  sent(upTo: number): void {
    this.#sent.push({ upTo, at: performance.now() })
  }

  acked(upTo: number): void {
    this.#acked.push({ upTo, at: performance.now() })
    this.#onAck()
  }

  /** Waits until the server has an event, where the link is up. */
  async follow(seq: number, isUp: boolean): Promise<Followed> {
    const momentIn = (marks: readonly Mark[]): number | null =>
      marks.find(({ upTo }) => upTo >= seq)?.at ?? null
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onAck = () => void (momentIn(this.#acked) === null || resolve())
    this.#onAck()
    using _ = this.#clock.after(isUp ? LIMIT_MS : 0, () => resolve())
    await promise
    return { sentAt: momentIn(this.#sent), ackedAt: momentIn(this.#acked) }
  }

  [Symbol.dispose](): void {
    this.#end()
  }
}
