import type { Ban, EpochMs, FirewallReport, NodeEvent } from '@warder/core'
import { fullJitter, type Clock, type Logger } from '@warder/daemon'
import type { Enforced, Firewall, FirewallChange, FirewallPlan } from '../firewall/firewall.ts'
import { heldOf, type Held } from './held.ts'
import { keyOf, reconcile, without } from './reconcile.ts'

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000
/** However quiet it is, everything is compared once in so long. */
const COMPARE_MS = 60_000

interface Parts {
  readonly firewall: Firewall
  readonly clock: Clock
  readonly log: Logger
  /** Called when it is time for another try after a failure. */
  readonly onRetry: () => void
}

/** What the firewall was found to hold, and what changed while it was asked. */
export interface Found {
  readonly at: EpochMs
  readonly enforced: readonly Enforced[]
  readonly intact: boolean
  /** Bans that changed meanwhile. */
  readonly touched: ReadonlySet<string>
  /** The plan it was asked under. */
  readonly plan: FirewallPlan
}

/** What came of going over to a plan. */
export interface Prepared {
  readonly found: Found | null
  readonly events: readonly NodeEvent[]
}

/** What is known of how bans are kept. */
export interface Keeping {
  /** When the firewall was last looked at; null: not yet. */
  readonly checkedAt: EpochMs | null
  readonly held: Held | null
  /** Packets of banned addresses that were blocked, by jail. */
  readonly dropped: ReadonlyMap<string, number>
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
  #keeping: Keeping = { checkedAt: null, held: null, dropped: new Map() }
  /** Bans that changed since the last list was begun. */
  #touched = new Set<string>()
  /** Changes that are being made. */
  #underWay: readonly FirewallChange[] = []

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whether changes cannot be made right now. */
  get isInTrouble(): boolean {
    return this.#trouble !== null
  }

  /** What the firewall itself said of what it holds. */
  get keeping(): Keeping {
    return this.#keeping
  }

  /** The backend, and whether it enforces right now. */
  report(): FirewallReport {
    const report = this.#parts.firewall.report()
    return this.#trouble === null ? report : { ...report, enforcing: false, reason: this.#trouble }
  }

  /** Goes over to another plan → what the firewall holds then (null: not known), and the event of a failure, the first time in a row. */
  async prepare(plan: FirewallPlan): Promise<Prepared> {
    this.#plan = plan
    this.#isPrepared = false
    let found: Found | null = null
    if (this.isInTrouble) return { found, events: [] }
    const events = await this.#try(async () => {
      found = await this.#listAs(plan, () => this.#prepareNow())
    })
    return { found, events }
  }

  /** Makes changes, all or none, unless in trouble → the event of a failure, the first time in a row. */
  async apply(changes: readonly FirewallChange[]): Promise<readonly NodeEvent[]> {
    if (changes.length === 0 || this.isInTrouble) return []
    return this.#try(() => this.#applyNow(changes))
  }

  /**
   * Looks at the firewall while changes go on → what it holds, to be put right by `mend`; null: all is as it was, so
   * far as can be told cheaply. @throws FirewallError
   */
  async look(): Promise<Found | null> {
    const { firewall, clock } = this.#parts
    const plan = this.#plan
    const at = clock.now()
    const standing = await firewall.check()
    this.#keeping = { ...this.#keeping, checkedAt: at, dropped: standing.dropped }
    const last = this.#keeping.held?.at ?? 0
    const isQuiet = standing.intact && !standing.doubtful && this.#touched.size === 0
    if (isQuiet && at - last < COMPARE_MS) return null
    return this.#list(plan)
  }

  /** Puts right what was found to be amiss → what it was. In its turn: nothing else may change meanwhile. */
  mend(wanted: readonly Ban[], found: Found, now: EpochMs): Promise<readonly NodeEvent[]> {
    // Another plan makes rules and sets anew; what was found before says nothing.
    if (found.plan !== this.#plan || this.isInTrouble) return Promise.resolve([])
    return this.#tryTelling(() => this.#mendNow(wanted, found, now))
  }

  /** Brings the firewall to what is wanted, in trouble or not → what it did not hold, or why it could not. */
  bring(wanted: readonly Ban[], now: EpochMs): Promise<readonly NodeEvent[]> {
    return this.#tryTelling(async () => {
      const found = await (this.#isPrepared
        ? this.#list(this.#plan)
        : this.#listAs(this.#plan, () => this.#prepareNow()))
      const drift = await this.#mendNow(wanted, found, now)
      const { dropped } = await this.#parts.firewall.check()
      this.#keeping = { ...this.#keeping, dropped }
      return drift
    })
  }

  /** A look at the firewall failed → the event of it, the first time in a row. */
  failed(err: unknown): Promise<readonly NodeEvent[]> {
    return this.#try(() => Promise.reject(err instanceof Error ? err : new Error(String(err))))
  }

  [Symbol.dispose](): void {
    this.#retry?.[Symbol.dispose]()
  }

  #list(plan: FirewallPlan): Promise<Found> {
    return this.#listAs(plan, () => this.#parts.firewall.list())
  }

  async #listAs(plan: FirewallPlan, list: () => Promise<readonly Enforced[]>): Promise<Found> {
    const { firewall, clock } = this.#parts
    const at = clock.now()
    const touched = new Set(this.#underWay.map(keyOf))
    this.#touched = touched
    const enforced = await list()
    const { intact, dropped } = await firewall.check()
    this.#keeping = { ...this.#keeping, checkedAt: at, dropped }
    return { at, enforced, intact, touched, plan }
  }

  async #mendNow(wanted: readonly Ban[], found: Found, now: EpochMs): Promise<readonly NodeEvent[]> {
    const { firewall, log } = this.#parts
    const { longestS } = firewall
    const { at, enforced, intact, touched } = found
    const seen = reconcile({ wanted, enforced, longestS, except: touched }, now)
    const settled = without(wanted, touched)
    this.#keeping = { ...this.#keeping, held: heldOf(settled, enforced, seen.missing, at) }
    let repair = seen
    if (!intact) {
      repair = reconcile({ wanted, enforced: await this.#prepareNow(), longestS }, now)
    }
    if (repair.changes.length > 0) await this.#applyNow(repair.changes)
    const [missing, foreign] = [seen.missing.length, Math.max(seen.foreign, repair.foreign)]
    if (intact && missing === 0 && foreign === 0) return []
    log.warn({ missing, foreign, intact }, 'the firewall did not hold what was wanted; now it does')
    return [{ kind: 'firewall.drifted', missing, foreign, ...(intact ? {} : { rules: true }) }]
  }

  async #applyNow(changes: readonly FirewallChange[]): Promise<void> {
    this.#underWay = changes
    for (const change of changes) this.#touched.add(keyOf(change))
    try {
      await this.#parts.firewall.apply(changes)
    } finally {
      this.#underWay = []
    }
  }

  async #prepareNow(): Promise<readonly Enforced[]> {
    const enforced = await this.#parts.firewall.prepare(this.#plan)
    this.#isPrepared = true
    return enforced
  }

  async #tryTelling(task: () => Promise<readonly NodeEvent[]>): Promise<readonly NodeEvent[]> {
    let told: readonly NodeEvent[] = []
    const failed = await this.#try(async () => {
      told = await task()
    })
    return [...failed, ...told]
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
