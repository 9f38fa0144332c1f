import type { Clock, Logger } from '@warder/daemon'
import type { ChannelRow, ChannelStore } from './channel-store.ts'
import type { DeliveryStore, DueDelivery } from './delivery-store.ts'
import { nextTry, type Outcome } from './retry.ts'
import type { Send } from './send.ts'

/** Most deliveries under way at a time; one channel has one at most, so that messages keep their order. */
const AT_ONCE = 8
/** So many due ones are looked at: one channel that is slow must not hide the others. */
const LOOKED_AT = 200

export interface CourierParts {
  readonly clock: Clock
  readonly log: Logger
  readonly channels: ChannelStore
  readonly deliveries: DeliveryStore
  readonly send: Send
  /** A name of this history, so that ids are not those of another server's. */
  readonly mark: string
}

/** Delivers what is due, and tries again what failed. */
export class Courier {
  readonly #parts: CourierParts
  readonly #busy = new Set<number>()
  #woken = false
  readonly #stop = new AbortController()

  constructor(parts: CourierParts) {
    this.#parts = parts
  }

  /** Looks for what is due, in a turn of its own. */
  wake(): void {
    if (this.#woken) return
    this.#woken = true
    setImmediate(() => {
      this.#woken = false
      this.#run()
    })
  }

  #run(): void {
    if (this.#stop.signal.aborted || this.#busy.size >= AT_ONCE) return
    const { deliveries, clock, log } = this.#parts
    try {
      for (const delivery of deliveries.due(clock.now(), LOOKED_AT)) {
        if (this.#busy.size >= AT_ONCE) return
        if (!this.#busy.has(delivery.channelId)) void this.#deliver(delivery)
      }
    } catch (err) {
      log.error({ err }, 'what is to be delivered could not be read')
    }
  }

  /** Sends now, outside of the queue. */
  async sendNow(channel: ChannelRow, occasion: Parameters<Send>[1]): Promise<Outcome> {
    return this.#parts.send(channel, occasion, this.#stop.signal)
  }

  stop(): void {
    this.#stop.abort()
  }

  async #deliver(delivery: DueDelivery): Promise<void> {
    const { log, channels, mark } = this.#parts
    this.#busy.add(delivery.channelId)
    try {
      const channel = channels.byId(delivery.channelId)
      if (channel === null || !channel.enabled)
        return this.#note(delivery, { state: 'dropped', problem: 'The channel was turned off or removed.' })
      const { notification } = delivery
      const outcome = await this.sendNow(channel, { notification, id: `${mark}-${delivery.id}` })
      if (!this.#stop.signal.aborted) this.#settle(delivery, channel, outcome)
    } catch (err) {
      log.error({ err, delivery: delivery.id }, 'a notification could not be delivered')
      if (!this.#stop.signal.aborted)
        this.#note(delivery, { state: 'failed', problem: 'The server made a mistake; see its log.' })
    } finally {
      this.#busy.delete(delivery.channelId)
      this.wake()
    }
  }

  #settle(delivery: DueDelivery, channel: ChannelRow, outcome: Outcome): void {
    const { clock, log } = this.#parts
    if (outcome.ok) return this.#note(delivery, { state: 'sent', problem: null })
    const problem = `${outcome.message} ${outcome.remedy}`
    const now = clock.now()
    const nextAt = nextTry(delivery.attempts + 1, outcome, { now, random: Math.random() })
    log.warn(
      { channel: channel.name, delivery: delivery.id, problem, again: nextAt !== null },
      'not delivered',
    )
    this.#note(delivery, { state: nextAt === null ? 'failed' : 'waiting', problem, nextAt })
  }

  #note(
    { id, attempts }: DueDelivery,
    {
      state,
      problem,
      nextAt = null,
    }: { state: 'sent' | 'failed' | 'waiting' | 'dropped'; problem: string | null; nextAt?: number | null },
  ): void {
    const tries = state === 'dropped' ? attempts : attempts + 1
    this.#parts.deliveries.tried(id, { state, attempts: tries, problem, nextAt, at: this.#parts.clock.now() })
  }
}
