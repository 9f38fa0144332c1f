import type { Effect, EpochMs, NodeEvent } from '@warder/core'
import type { Suspended } from '@warder/protocol'
import { actionsOf, eventsOf } from './changes.ts'
import type { Enforcer } from './enforcer.ts'
import type { LoopParts } from './loop-parts.ts'
import { agreedAtLast } from './recover.ts'
import { remember } from './remember.ts'
import { Saver } from './saver.ts'
import { changesIn, wantedIn } from './wanted.ts'

interface Parts extends Pick<LoopParts, 'engine' | 'state' | 'clock' | 'log' | 'onRecorded' | 'onAsked'> {
  readonly enforcer: Enforcer
  /** The engine's time at the last step. */
  readonly moment: () => EpochMs
  readonly suspended: () => Suspended | null
}

/** What is written, and then told. */
export interface ToSave {
  readonly effects: readonly Effect[]
  readonly events: readonly NodeEvent[]
  /** See Write. */
  readonly held?: number | undefined
}

/** Carries out what follows from a step: in the firewall, then on disk. */
export class Executor {
  readonly #parts: Parts
  readonly #saver: Saver
  /** Where sources stand beyond what is written. */
  readonly #cursors = new Map<string, string>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#saver = new Saver(parts)
  }

  /** Firewall first, then disk: an event is recorded only after it is true. `held`: see Write. → the events */
  async carryOut(
    effects: readonly Effect[],
    also: () => void = () => {},
    held?: number,
  ): Promise<readonly NodeEvent[]> {
    const { state, enforcer, suspended } = this.#parts
    const failed = await enforcer.apply(changesIn(suspended(), effects))
    const agreed = !enforcer.isInTrouble
    const events = [...eventsOf(effects, agreed), ...failed]
    await this.save({ effects, events, held }, () => {
      if (!agreed) state.pending.add(actionsOf(effects))
      also()
    })
    return events
  }

  /** Writes what is true, with where the sources stand and with `also`. */
  async save({ effects, events, held }: ToSave, also: () => void = () => {}): Promise<void> {
    const { state, onRecorded, onAsked, moment } = this.#parts
    const now = moment()
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

  /** Writes something that follows from no step. */
  write(write: () => void): Promise<void> {
    return this.#saver.save({ write })
  }

  /** The last lines of a source for now: what was held is written with what they led to. */
  async finish(source: string, cursor: string, effects: readonly Effect[]): Promise<void> {
    const isFirst = this.cursor(source) === null
    this.stand(source, cursor)
    if (effects.length > 0 || isFirst) await this.carryOut(effects)
    else this.release()
  }

  /** After a failure of the firewall: what waited for it is true once it holds what is wanted. */
  async repair(now: EpochMs): Promise<void> {
    const { engine, state, enforcer, suspended } = this.#parts
    await enforcer.bring(wantedIn(suspended(), engine.bans()), now)
    if (enforcer.isInTrouble) return
    this.release()
    const events = agreedAtLast(state.pending.all(), engine.bans())
    await this.save({ effects: [], events }, () => state.pending.clear())
  }

  /** Writes what is held, so that the state can be read. */
  release(): void {
    this.#saver.release()
  }

  /** Notes where a source stands, to be written with what comes next. */
  stand(source: string, cursor: string): void {
    this.#cursors.set(source, cursor)
  }

  /** How far a source was dealt with, written yet or not; null: it never was. */
  cursor(source: string): string | null {
    return this.#cursors.get(source) ?? this.#parts.state.cursors.get(source)
  }

  async saveCursors(): Promise<void> {
    if (this.#cursors.size > 0) await this.save({ effects: [], events: [] })
  }

  /** Tries again what the disk did not take. */
  again(): void {
    this.#saver.again()
  }

  /** Writes what waits, for the last time. */
  end(): void {
    this.#saver.end()
  }
}
