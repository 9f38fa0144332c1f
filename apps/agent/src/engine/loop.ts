import {
  OFFENCES_LAST_MS,
  type Ban,
  type Effect,
  type EngineView,
  type FirewallReport,
  type NodeEvent,
  type Order,
  type Plan,
} from '@warder/core'
import type { FirewallPlan } from '../firewall/firewall.ts'
import type { Batch } from '../source/source.ts'
import type { Replied } from './asker.ts'
import { actionsOf, changesOf, eventsOf } from './changes.ts'
import { Decider } from './decider.ts'
import { Enforcer } from './enforcer.ts'
import { Gathering } from './gathering.ts'
import type { LoopParts } from './loop-parts.ts'
import { agreedAtLast, recover } from './recover.ts'
import { remember } from './remember.ts'
import { Saver } from './saver.ts'

const TICK_MS = 1_000
const RECONCILE_MS = 5_000
/** A listing of very many bans is costly: it may take one part in twenty of the time. */
const RECONCILE_SHARE = 20
const TIDY_MS = 60_000
/** Cursors of lines that led to nothing are written late: reading them again leads to nothing again. */
const CURSORS_MS = 10_000
const ORDERS_KEPT_MS = 7 * 86_400_000

/** What a plan means for the two who follow it. */
export interface Planned {
  readonly engine: Plan
  readonly firewall: FirewallPlan
}

/** What is written, and then told, together with what follows from a plan. */
export interface Along {
  readonly write: () => void
  readonly events: readonly NodeEvent[]
}

/** What is written. */
interface ToSave {
  readonly effects: readonly Effect[]
  readonly events: readonly NodeEvent[]
  /** See Write. */
  readonly held?: number | undefined
}

/**
 * The one place where the engine is stepped: a mailbox that takes lines, orders, plans and ticks one after the
 * other. For each the firewall is changed in one transaction, then everything that became true is written in one.
 *
 *   lines, orders, plans, ticks ─► engine.step ─► firewall.apply ─► state (outbox, bans, failures, cursors)
 */
export class Loop {
  readonly #parts: LoopParts
  readonly #saver: Saver
  readonly #enforcer: Enforcer
  readonly #decider: Decider
  readonly #gathering: Gathering
  readonly #startedAt: number
  readonly #timers = new DisposableStack()
  /** Tasks of the clock that are in the mailbox already. */
  readonly #queued = new Set<() => Promise<void>>()
  /** Where sources stand beyond what is written. */
  readonly #cursors = new Map<string, string>()
  #tail: Promise<unknown> = Promise.resolve()
  #jails: Plan['jails'] = []
  #moment = 0
  #lagMs = 0
  #reconcileAfter = 0

  constructor(parts: LoopParts) {
    const { firewall, clock, log } = parts
    this.#parts = parts
    this.#saver = new Saver(parts)
    this.#enforcer = new Enforcer({ firewall, clock, log, onRetry: () => this.#soon(this.#repair) })
    this.#decider = new Decider({ ...parts, now: () => this.#now() })
    this.#gathering = new Gathering({
      log,
      carryOut: async ({ effects, cursors }) => {
        for (const [source, cursor] of cursors) this.#cursors.set(source, cursor)
        if (effects.length > 0) await this.#carryOut(effects, () => {}, effects.length)
      },
    })
    this.#startedAt = clock.now()
  }

  /** Puts back what was known and in force before, then begins to tick. `first`: what is told before anything else. */
  start(planned: Planned, first: (firewall: FirewallReport) => NodeEvent): Promise<void> {
    return this.#next(async () => {
      const { engine, state } = this.#parts
      this.#jails = planned.engine.jails
      this.#decider.follow(this.#jails)
      const effects = recover(engine, state, planned.engine, this.#now())
      const failed = [
        ...(await this.#enforcer.prepare(planned.firewall)),
        ...(await this.#enforcer.apply(changesOf(effects))),
      ]
      const drift = this.#enforcer.isInTrouble ? [] : await this.#enforcer.bring(engine.bans(), this.#now())
      const agreed = !this.#enforcer.isInTrouble
      const late = agreed ? agreedAtLast(state.pending.all(), engine.bans()) : []
      const events = [first(this.report()), ...late, ...eventsOf(effects, agreed), ...failed, ...drift]
      await this.#save({ effects, events }, () => {
        if (agreed) state.pending.clear()
        else state.pending.add(actionsOf(effects))
      })
      this.#tickFromNowOn()
    })
  }

  /** Decides on lines. Resolves when all that follows from them is done and written. */
  take(source: string, batch: Batch): Promise<void> {
    return this.#decider.take(source, batch, (decide) =>
      this.#inTurn(async () => {
        const { effects, lastAt, cursor, hasMore } = await decide()
        if (cursor === null) return
        if (hasMore) await this.#gathering.add(source, cursor, effects)
        else await this.#finish(source, cursor, effects)
        if (lastAt !== null) this.#lagMs = Math.max(0, Math.round(this.#parts.clock.now() - lastAt))
      }),
    )
  }

  /** Carries out an operator's order → the events it caused. One that an earlier run carried out is only answered. */
  order(order: Order): Promise<readonly NodeEvent[]> {
    return this.#next(async () => {
      const { state, engine } = this.#parts
      const doneAt = state.orders.doneAt(order.id)
      const now = this.#now()
      if (doneAt !== null && doneAt < this.#startedAt) {
        return this.#carryOut([
          { kind: 'record', event: { kind: 'order.finished', order: order.id, changed: 0 } },
        ])
      }
      return this.#carryOut(engine.step({ kind: 'order', order }, now), () => {
        state.orders.note(order.id, now)
        if (order.kind !== 'lift' || doneAt !== null) return
        state.failures.forget(order.ip, order.jail)
        state.offences.forget(order.ip, order.jail)
      })
    })
  }

  /** Goes on with failures about which something was asked. */
  resume(replied: readonly Replied[]): Promise<void> {
    return this.#next(async () => {
      const now = this.#now()
      const effects = replied.flatMap((each) => this.#parts.engine.step({ kind: 'reply', ...each }, now))
      if (effects.length > 0) await this.#carryOut(effects)
    })
  }

  /** Goes over to another plan. */
  change(planned: Planned, along: Along): Promise<void> {
    return this.#next(async () => {
      this.#jails = planned.engine.jails
      this.#decider.follow(planned.engine.jails)
      const effects = this.#parts.engine.step({ kind: 'plan', plan: planned.engine }, this.#now())
      const failed = await this.#enforcer.prepare(planned.firewall)
      const told = [...failed, ...along.events].map((event): Effect => ({ kind: 'record', event }))
      await this.#carryOut([...effects, ...told], along.write)
    })
  }

  /** How far a source was dealt with, written yet or not. */
  cursor(source: string): string | null {
    return (
      this.#gathering.cursor(source) ?? this.#cursors.get(source) ?? this.#parts.state.cursors.get(source)
    )
  }

  /** Records events that others know to be true. */
  record(events: readonly NodeEvent[]): Promise<void> {
    return this.#next(async () => {
      await this.#carryOut(events.map((event): Effect => ({ kind: 'record', event })))
    })
  }

  /** Writes something of the state outside of any step, in its turn. */
  write(write: () => void): Promise<void> {
    return this.#next(() => this.#saver.save({ write }))
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

  /** The backend, and whether it enforces right now. */
  report(): FirewallReport {
    return this.#enforcer.report()
  }

  /** Finishes what is under way and writes the cursors. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timers.dispose()
    this.#enforcer[Symbol.dispose]()
    await this.#next(() => this.#saveCursors())
    this.#saver.end()
  }

  #tickFromNowOn(): void {
    const { clock } = this.#parts
    for (const [ms, task] of [
      [TICK_MS, this.#tick],
      [RECONCILE_MS, this.#reconcile],
      [TIDY_MS, this.#tidy],
      [CURSORS_MS, this.#saveCursors],
    ] as const) {
      this.#timers.use(clock.every(ms, () => this.#soon(task)))
    }
  }

  /** Puts a task at the end of the mailbox; it begins when all is done that came before, whether or not that succeeded. */
  #next<T>(task: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#gathering.done()
      return task()
    })
  }

  /** The same for a task that waits by itself for what is under way, when it needs it. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task)
    this.#tail = result.catch((err: unknown) =>
      this.#parts.log.error({ code: 'loop.broken', err }, 'a step failed'),
    )
    return result
  }

  /** The same for a task of the clock, unless it waits there already. */
  #soon(task: () => Promise<void>): void {
    if (this.#queued.has(task)) return
    this.#queued.add(task)
    void this.#next(async () => {
      this.#queued.delete(task)
      await task()
    })
  }

  /** The engine's time never goes back, whatever is done to the machine's clock. */
  #now(): number {
    this.#moment = Math.max(this.#moment, this.#parts.clock.now())
    return this.#moment
  }

  /** The last lines for now. */
  async #finish(source: string, cursor: string, effects: readonly Effect[]): Promise<void> {
    await this.#gathering.done()
    const isFirst = !this.#cursors.has(source) && this.#parts.state.cursors.get(source) === null
    this.#cursors.set(source, cursor)
    if (effects.length > 0 || isFirst) await this.#carryOut(effects)
    else this.#saver.release()
  }

  /** Firewall first, then disk: an event is recorded only after it is true. */
  async #carryOut(
    effects: readonly Effect[],
    also: () => void = () => {},
    held?: number,
  ): Promise<readonly NodeEvent[]> {
    const { state } = this.#parts
    const failed = await this.#enforcer.apply(changesOf(effects))
    const agreed = !this.#enforcer.isInTrouble
    const events = [...eventsOf(effects, agreed), ...failed]
    const more = (): void => {
      if (!agreed) state.pending.add(actionsOf(effects))
      also()
    }
    await this.#save({ effects, events, held }, more)
    return events
  }

  async #save({ effects, events, held }: ToSave, also: () => void = () => {}): Promise<void> {
    const { state, onRecorded, onAsked } = this.#parts
    const now = this.#moment
    const cursors = [...this.#cursors]
    this.#cursors.clear()
    await this.#saver.save({
      write: () => {
        remember(state, effects)
        for (const [source, cursor] of cursors) state.cursors.put(source, cursor)
        if (events.length > 0) state.outbox.append(events, now)
        also()
      },
      done: () => {
        if (events.length > 0) onRecorded(events)
        for (const effect of effects) if (effect.kind === 'ask') onAsked(effect)
      },
      ...(held === undefined ? {} : { held }),
    })
  }

  readonly #tick = async (): Promise<void> => {
    const effects = this.#parts.engine.step({ kind: 'tick' }, this.#now())
    if (effects.length > 0) await this.#carryOut(effects)
    else this.#saver.again()
  }

  readonly #saveCursors = async (): Promise<void> => {
    if (this.#cursors.size > 0) await this.#save({ effects: [], events: [] })
  }

  /** Forgets what can no longer matter. */
  readonly #tidy = async (): Promise<void> => {
    const { state } = this.#parts
    const now = this.#now()
    const jails = this.#jails.map(({ jail }) => jail.definition)
    await this.#save({ effects: [], events: [] }, () => {
      for (const { name, settings } of jails) state.failures.prune(name, now - settings.findtime * 1_000)
      state.failures.trim(jails.map(({ name }) => name))
      state.orders.prune(now - ORDERS_KEPT_MS)
      state.offences.prune(now - OFFENCES_LAST_MS)
      state.packs.tidy()
    })
  }

  /** After a failure of the firewall: what waited for it is true once it holds what is wanted. */
  readonly #repair = async (): Promise<void> => {
    const { engine, state } = this.#parts
    await this.#enforcer.bring(engine.bans(), this.#now())
    if (this.#enforcer.isInTrouble) return
    const events = agreedAtLast(state.pending.all(), engine.bans())
    await this.#save({ effects: [], events }, () => state.pending.clear())
  }

  readonly #reconcile = async (): Promise<void> => {
    const { clock, engine } = this.#parts
    const before = clock.now()
    if (this.#enforcer.isInTrouble || before < this.#reconcileAfter) return
    const events = await this.#enforcer.bring(engine.bans(), this.#now())
    this.#reconcileAfter = before + (clock.now() - before) * RECONCILE_SHARE
    if (events.length > 0) await this.#save({ effects: [], events })
  }
}
