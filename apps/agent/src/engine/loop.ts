import {
  type Ban,
  type Effect,
  type EngineView,
  type FirewallReport,
  type Input,
  type NodeEvent,
  type Offence,
  type Order,
  type Plan,
} from '@warder/core'
import type { Suspended } from '@warder/protocol'
import type { Batch } from '../source/source.ts'
import type { Replied } from './asker.ts'
import { actionsOf, eventsOf } from './changes.ts'
import { Decider } from './decider.ts'
import { Enforcer, type Keeping } from './enforcer.ts'
import { Executor } from './executor.ts'
import { Gathering } from './gathering.ts'
import { Keeper } from './keeper.ts'
import type { Along, LoopParts, Planned } from './loop-parts.ts'
import { Mailbox } from './mailbox.ts'
import { agreedAtLast, missingOf, recover } from './recover.ts'
import { forget, forgetLifted } from './remember.ts'
import { changesIn, reportIn, wantedIn } from './wanted.ts'

const TICK_MS = 1_000
const TIDY_MS = 60_000
/** Cursors of lines that led to nothing are written late: reading them again leads to nothing again. */
const CURSORS_MS = 10_000

/**
 * The one place where the engine is stepped: a mailbox that takes lines, orders, plans and ticks one after the
 * other. For each the firewall is changed in one transaction, then everything that became true is written in one.
 *
 *   lines, orders, plans, ticks ─► engine.step ─► firewall.apply ─► state (outbox, bans, failures, cursors)
 */
export class Loop {
  readonly #parts: LoopParts
  readonly #mailbox: Mailbox
  readonly #executor: Executor
  readonly #enforcer: Enforcer
  readonly #keeper: Keeper
  readonly #decider: Decider
  readonly #gathering: Gathering
  readonly #startedAt: number
  readonly #timers = new DisposableStack()
  #jails: Plan['jails'] = []
  #moment = 0
  #lagMs = 0
  #suspended: Suspended | null

  constructor(parts: LoopParts) {
    const { firewall, clock, log } = parts
    this.#parts = parts
    this.#mailbox = new Mailbox({ log, settled: () => this.#gathering.done() })
    this.#enforcer = new Enforcer({ firewall, clock, log, onRetry: () => this.#mailbox.soon(this.#repair) })
    this.#keeper = new Keeper({
      enforcer: this.#enforcer,
      clock,
      wanted: () => this.#wanted(),
      now: () => this.#now(),
      inTurn: (task) => this.#mailbox.next(task),
      tell: (events) =>
        events.length > 0 ? this.#executor.save({ effects: [], events }) : Promise.resolve(),
    })
    this.#executor = new Executor({
      ...parts,
      enforcer: this.#enforcer,
      moment: () => this.#moment,
      suspended: () => this.#suspended,
    })
    this.#decider = new Decider({ ...parts, now: () => this.#now() })
    this.#gathering = new Gathering({
      log,
      carryOut: async ({ effects, cursors }) => {
        for (const [source, cursor] of cursors) this.#executor.stand(source, cursor)
        if (effects.length > 0) await this.#executor.carryOut(effects, () => {}, effects.length)
      },
    })
    this.#startedAt = clock.now()
    this.#suspended = parts.suspended ?? null
  }

  /** Puts back what was known and in force before, then begins to tick. `first`: what is told before anything else. */
  start(planned: Planned, first: (firewall: FirewallReport) => NodeEvent): Promise<void> {
    return this.#mailbox.next(async () => {
      const { engine, state } = this.#parts
      this.#jails = planned.engine.jails
      this.#decider.follow(this.#jails)
      // The firewall's tools list what it holds while the state is read.
      const preparing = this.#enforcer.prepare(planned.firewall)
      const effects = recover(engine, state, planned.engine, this.#now())
      const { found, events: unprepared } = await preparing
      const failed = [...unprepared, ...(await this.#enforcer.apply(changesIn(this.#suspended, effects)))]
      const drift = found === null ? [] : await this.#enforcer.mend(this.#wanted(), found, this.#now())
      const agreed = !this.#enforcer.isInTrouble
      const late = agreed ? agreedAtLast(state.pending.all(), engine.bans()) : []
      const events = [first(this.report()), ...late, ...eventsOf(effects, agreed), ...failed, ...drift]
      await this.#executor.save({ effects, events }, () => {
        if (agreed) state.pending.clear()
        else state.pending.add(actionsOf(effects))
      })
      this.#tickFromNowOn()
    })
  }

  /** Decides on lines. Resolves when all that follows from them is done and written. */
  take(source: string, batch: Batch): Promise<void> {
    return this.#decider.take(source, batch, (decide) =>
      this.#mailbox.inTurn(async () => {
        const { effects, lastAt, cursor, hasMore } = await decide()
        if (cursor === null) return
        if (hasMore) await this.#gathering.add(source, cursor, effects)
        else await this.#gathering.done().then(() => this.#executor.finish(source, cursor, effects))
        if (lastAt !== null) this.#lagMs = Math.max(0, Math.round(this.#parts.clock.now() - lastAt))
      }),
    )
  }

  /** Takes any other input → the events it caused. `also` is written together with what follows. */
  input(input: Input, also: () => void): Promise<readonly NodeEvent[]> {
    return this.#mailbox.next(() =>
      this.#executor.carryOut(this.#parts.engine.step(input, this.#now()), also),
    )
  }

  /**
   * Takes everybody out of the firewall until further notice, or (null) puts back whoever is banned by then → why the
   * firewall does not do it yet; null: it did.
   */
  suspend(suspended: Suspended | null, { write, events }: Along): Promise<string | null> {
    return this.#mailbox.next(async () => {
      this.#suspended = suspended
      const failed = await this.#enforcer.bring(this.#wanted(), this.#now())
      const told = [...events, ...failed.filter((event) => event.kind !== 'firewall.drifted')]
      await this.#executor.save({ effects: [], events: told }, write)
      return this.#enforcer.isInTrouble ? this.report().reason : null
    })
  }

  /** Carries out an operator's order → the events it caused. One that an earlier run carried out is only answered. */
  order(order: Order): Promise<readonly NodeEvent[]> {
    return this.#mailbox.next(async () => {
      const { state, engine } = this.#parts
      const doneAt = state.orders.doneAt(order.id)
      const now = this.#now()
      if (doneAt !== null && doneAt < this.#startedAt) {
        return this.#executor.carryOut([
          { kind: 'record', event: { kind: 'order.finished', order: order.id, changed: 0 } },
        ])
      }
      const effects = engine.step({ kind: 'order', order }, now)
      return this.#executor.carryOut(effects, () => {
        state.orders.note(order.id, now)
        if (doneAt === null) forgetLifted(state, order, effects)
      })
    })
  }

  /**
   * Takes over bans of another program, and how often addresses were banned there before, all in one step → the events it
   * caused. What is known here already is not counted twice.
   */
  takeOver(orders: readonly Order[], past: readonly Offence[]): Promise<readonly NodeEvent[]> {
    return this.#mailbox.next(async () => {
      const { engine, state } = this.#parts
      const now = this.#now()
      this.#executor.release()
      const offences = past.flatMap((each) => missingOf(each, state.offences.count(each.jail, each.ip)))
      const effects = [
        ...engine.step({ kind: 'restore', bans: [], failures: [], offences }, now),
        ...orders.flatMap((order) => engine.step({ kind: 'order', order }, now)),
      ]
      return this.#executor.carryOut(effects, () => {
        for (const offence of offences) state.offences.restore(offence)
      })
    })
  }

  /** Goes on with failures about which something was asked. */
  resume(replied: readonly Replied[]): Promise<void> {
    return this.#mailbox.next(async () => {
      const now = this.#now()
      const effects = replied.flatMap((each) => this.#parts.engine.step({ kind: 'reply', ...each }, now))
      if (effects.length > 0) await this.#executor.carryOut(effects)
    })
  }

  /** Goes over to another plan. */
  change(planned: Planned, along: Along): Promise<void> {
    return this.#mailbox.next(async () => {
      this.#jails = planned.engine.jails
      this.#decider.follow(planned.engine.jails)
      const effects = this.#parts.engine.step({ kind: 'plan', plan: planned.engine }, this.#now())
      const { events: failed } = await this.#enforcer.prepare(planned.firewall)
      const after = along.after?.(this.#parts.engine.view()) ?? []
      const told = [...failed, ...along.events, ...after].map((event): Effect => ({ kind: 'record', event }))
      await this.#executor.carryOut([...effects, ...told], along.write)
    })
  }

  /** How far a source was dealt with, written yet or not. */
  cursor(source: string): string | null {
    return this.#gathering.cursor(source) ?? this.#executor.cursor(source)
  }

  /** Records events that others know to be true. */
  record(events: readonly NodeEvent[]): Promise<void> {
    const effects = events.map((event): Effect => ({ kind: 'record', event }))
    return this.#mailbox.next(() => this.#executor.carryOut(effects)).then(() => {})
  }

  /** Writes something of the state outside of any step, in its turn. */
  write(write: () => void): Promise<void> {
    return this.#mailbox.next(() => this.#executor.write(write))
  }

  bans(): readonly Ban[] {
    return this.#parts.engine.bans()
  }

  view(): EngineView {
    return this.#parts.engine.view()
  }

  /** How long the last line waited between being written and being decided on. */
  get lagMs(): number {
    return this.#lagMs
  }

  /** Tasks that wait for their turn or have it. */
  get queued(): number {
    return this.#mailbox.waiting
  }

  /** Whether the firewall cannot be changed right now. */
  get isInTrouble(): boolean {
    return this.#enforcer.isInTrouble
  }

  /** The backend, and whether it enforces right now. */
  report(): FirewallReport {
    const report = this.#enforcer.report()
    return this.#enforcer.isInTrouble ? report : reportIn(this.#suspended, report)
  }

  /** What the firewall itself said of what it holds. */
  keeping(): Keeping {
    return this.#enforcer.keeping
  }

  /** Resolves when the firewall is not being looked at. */
  idle(): Promise<void> {
    return this.#keeper.idle()
  }

  /** Finishes what is under way and writes the cursors. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timers.dispose()
    this.#keeper[Symbol.dispose]()
    await this.#keeper.idle()
    this.#enforcer[Symbol.dispose]()
    await this.#mailbox.next(() => this.#saveCursors())
    this.#executor.end()
  }

  #tickFromNowOn(): void {
    const { clock, firewall } = this.#parts
    for (const [ms, task] of [
      [TICK_MS, this.#tick],
      [TIDY_MS, this.#tidy],
      [CURSORS_MS, this.#saveCursors],
    ] as const) {
      this.#timers.use(clock.every(ms, () => this.#mailbox.soon(task)))
    }
    this.#keeper.start()
    firewall.watch(() => this.#keeper.news())
  }

  /** Whom the firewall should hold now. */
  #wanted(): readonly Ban[] {
    return wantedIn(this.#suspended, this.#parts.engine.bans())
  }

  /** The engine's time never goes back, whatever is done to the machine's clock. */
  #now(): number {
    this.#moment = Math.max(this.#moment, this.#parts.clock.now())
    return this.#moment
  }

  readonly #tick = async (): Promise<void> => {
    const effects = this.#parts.engine.step({ kind: 'tick' }, this.#now())
    if (effects.length > 0) await this.#executor.carryOut(effects)
    else this.#executor.again()
  }

  readonly #saveCursors = (): Promise<void> => this.#executor.saveCursors()

  /** Forgets what can no longer matter. */
  readonly #tidy = async (): Promise<void> => {
    const { state } = this.#parts
    const now = this.#now()
    const jails = this.#jails.map(({ jail }) => jail.definition)
    await this.#executor.save({ effects: [], events: [] }, () => forget(state, jails, now))
  }

  /** After a failure of the firewall: what waited for it is true once it holds what is wanted. */
  readonly #repair = (): Promise<void> => this.#executor.repair(this.#now())
}
