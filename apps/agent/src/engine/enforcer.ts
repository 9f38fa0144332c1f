import type { Ban, FirewallReport, NodeEvent } from '@warder/core'
import { fullJitter, type Clock, type Logger } from '@warder/daemon'
import type { Firewall, FirewallChange, FirewallPlan } from '../firewall/firewall.ts'
import { reconcile } from './reconcile.ts'

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000

interface Parts {
  readonly firewall: Firewall
  readonly clock: Clock
  readonly log: Logger
  /** Called when it is time for another try after a failure. */
  readonly onRetry: () => void
}

/**
 * Keeps the firewall at what is wanted. After a failure it is in trouble: changes wait, and are made good all at
 * once by `bring`, which is asked for through `onRetry` with growing delays.
 */
export class Enforcer implements Disposable {
  readonly #parts: Parts
  readonly #backoff = fullJitter(FIRST_RETRY_MS, LAST_RETRY_MS)
  #plan: FirewallPlan = { jails: [], never: [] }
  #isPrepared = false
  #trouble: string | null = null
  #retry: Disposable | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whether changes cannot be made right now. */
  get isInTrouble(): boolean {
    return this.#trouble !== null
  }

  /** The backend, and whether it enforces right now. */
  report(): FirewallReport {
    const report = this.#parts.firewall.report()
    return this.#trouble === null ? report : { ...report, enforcing: false, reason: this.#trouble }
  }

  /** Goes over to another plan → the event of a failure, the first time in a row. */
  async prepare(plan: FirewallPlan): Promise<readonly NodeEvent[]> {
    this.#plan = plan
    this.#isPrepared = false
    if (this.isInTrouble) return []
    return this.#try(() => this.#prepareNow())
  }

  /** Makes changes, all or none, unless in trouble → the event of a failure, the first time in a row. */
  async apply(changes: readonly FirewallChange[]): Promise<readonly NodeEvent[]> {
    if (changes.length === 0 || this.isInTrouble) return []
    return this.#try(() => this.#parts.firewall.apply(changes))
  }

  /** Brings the firewall to what is wanted, in trouble or not → what it did not hold, or why it could not. */
  async bring(wanted: readonly Ban[], now: number): Promise<readonly NodeEvent[]> {
    const { firewall, log } = this.#parts
    const drift: NodeEvent[] = []
    const failed = await this.#try(async () => {
      if (!this.#isPrepared) await this.#prepareNow()
      const { changes, missing, foreign } = reconcile(wanted, await firewall.list(), now)
      if (changes.length === 0) return
      await firewall.apply(changes)
      log.warn({ missing, foreign }, 'the firewall did not hold what was wanted; now it does')
      drift.push({ kind: 'firewall.drifted', missing, foreign })
    })
    return [...failed, ...drift]
  }

  [Symbol.dispose](): void {
    this.#retry?.[Symbol.dispose]()
  }

  async #prepareNow(): Promise<void> {
    await this.#parts.firewall.prepare(this.#plan)
    this.#isPrepared = true
  }

  async #try(task: () => Promise<void>): Promise<readonly NodeEvent[]> {
    const { clock, log, onRetry } = this.#parts
    try {
      await task()
      if (this.#trouble !== null) log.info('the firewall works again')
      this.#trouble = null
      this.#backoff.reset()
      return []
    } catch (err) {
      const reason = (err instanceof Error ? err.message : String(err)).slice(0, 1_000)
      const isNew = this.#trouble === null
      const delay = this.#backoff.next()
      this.#trouble = reason
      this.#retry?.[Symbol.dispose]()
      this.#retry = clock.after(delay, onRetry)
      log.error({ code: 'firewall.failed', reason, ms: delay }, 'the firewall failed; trying again')
      return isNew ? [{ kind: 'firewall.failed', reason }] : []
    }
  }
}
