import type { NodeEvent } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import type { Operators, WantedLists, WantedSettings } from '@warder/protocol'
import type { Along } from '../engine/loop-parts.ts'
import type { Loop } from '../engine/loop.ts'
import { readLists, type LocalAllowed } from '../lists/held.ts'
import type { Roster } from '../source/roster.ts'
import type { State } from '../state/state.ts'
import { goodJails, type GoodJails } from './good-jails.ts'
import type { LocalChange } from './local.ts'
import { keyOf, type Built, type Settings } from './settings.ts'
import { failureOf, hasFailed, trialOf, type Trial } from './trial.ts'

interface Parts {
  readonly settings: Settings
  readonly loop: Loop
  readonly roster: Roster
  readonly state: State
  readonly clock: Clock
  readonly log: Logger
  readonly onApplied: () => void
}

/** Brings what was built into force, one change after the other: the plan first, then what is read. */
export class Applier {
  readonly #parts: Parts
  readonly #good: GoodJails
  #current: Built
  /** Wishes that were refused last: tried again on a reload, told once. */
  #refused: { readonly wanted: WantedSettings; readonly reason: string } | null = null
  /** What runs on trial, and the event whose acknowledgement shows that the server is within reach. */
  #trial: { readonly trial: Trial; readonly provenBy: number } | null
  /** Up to where the server has the events, as it last said on this link. */
  #acked = 0
  #tail: Promise<unknown> = Promise.resolve()

  /** `first`: what runs already. */
  constructor(parts: Parts, first: Built) {
    this.#parts = parts
    this.#current = first
    this.#good = goodJails(parts.state.facts)
    const trial = parts.state.settings.trial()
    this.#trial = trial && { trial, provenBy: parts.state.outbox.last() }
    parts.settings.adopt(first)
    parts.state.together(() => this.#good.put(first.good))
  }

  /** What runs now. */
  get current(): Built {
    return this.#current
  }

  /** The server's wishes: applied whole, or refused whole with a reason. */
  offer(wanted: WantedSettings): Promise<void> {
    return this.#next(() => this.#offer(wanted))
  }

  /**
   * The server answered: it has all events up to a number; null: it welcomed us. What was on trial then stays, if the
   * server was told that it was applied.
   */
  reached(acked: number | null): void {
    this.#acked = acked ?? 0
    const onTrial = this.#trial
    if (onTrial === null || (acked !== null && acked < onTrial.provenBy)) return
    this.#trial = null
    const { state, log } = this.#parts
    state.together(() => state.settings.putTrial(null))
    log.info({ rev: onTrial.trial.wanted.revision }, 'settings confirmed: the server is within reach')
  }

  /** Goes back to what ran before where a trial is over and the server was not reached. */
  async judge(): Promise<void> {
    if (this.#trial !== null && hasFailed(this.#trial.trial, this.#parts.clock.now()))
      await this.#next(() => this.#goBack())
  }

  /** The server's lists, whole. */
  offerLists(wanted: WantedLists): Promise<void> {
    return this.#next(async () => {
      if (wanted.stamp === this.#current.held.lists.wanted.stamp) return
      const { settings, state, log } = this.#parts
      const lists = readLists(wanted)
      const built = await settings.hold({ lists }, this.#current)
      const { revision } = wanted
      await this.#bring(built, 'beginning', {
        write: () => state.lists.put(wanted),
        events: [],
        after: ({ lists: { refused } }) => [
          { kind: 'lists.applied', revision, allow: lists.allow.length, deny: lists.deny.length, refused },
        ],
      })
      log.info({ rev: revision, allow: lists.allow.length, deny: lists.deny.length }, 'lists applied')
    })
  }

  /** Who is at the dashboard now. */
  offerOperators(operators: Operators): Promise<void> {
    return this.#next(async () => {
      const built = await this.#parts.settings.hold({ operators }, this.#current)
      if (keyOf(built) === keyOf(this.#current)) this.#keep(built)
      else await this.#bring(built, 'beginning', { write: () => {}, events: [] })
    })
  }

  /** Who is allowed by this node's own command line, whole: a change of what there is. */
  allow(change: (before: readonly LocalAllowed[]) => readonly LocalAllowed[]): Promise<void> {
    return this.#next(async () => {
      const { settings, state } = this.#parts
      const local = change(this.#current.held.local)
      const built = await settings.hold({ local }, this.#current)
      await this.#bring(built, 'beginning', { write: () => state.lists.putLocal(local), events: [] })
    })
  }

  /** Reads the files again → their problems. */
  reload(): Promise<readonly string[]> {
    return this.#next(async () => {
      const built = await this.#parts.settings.load()
      await this.#apply(built, 'end', null)
      this.#parts.log.info({ problems: built.problems.length }, 'the configuration was read again')
      const refused = this.#refused
      this.#refused = null
      if (refused) await this.#offer(refused.wanted)
      return built.problems
    })
  }

  /** Changes a jail on this node alone → why not, or null when it is done. */
  tune(jail: string, change: LocalChange): Promise<string | null> {
    return this.#next(async () => {
      const tuned = await this.#parts.settings.tune(jail, change)
      if (!tuned.ok) return tuned.reason
      this.#parts.log.info({ jail, change }, 'a jail was changed by hand')
      await this.#apply(tuned.built, 'end', null)
      return null
    })
  }

  /** Looks whether addresses around or files of globs changed. Files that are new are read from their beginning. */
  refresh(): Promise<void> {
    return this.#next(async () => {
      const built = await this.#parts.settings.refresh(this.#current)
      if (keyOf(built) !== keyOf(this.#current)) await this.#apply(built, 'beginning', null)
    })
  }

  /** Lets a jail hear nothing for a while, or until the next reload. */
  putAside(jail: string): Promise<void> {
    return this.#next(async () => {
      this.#parts.log.error(
        { code: 'jail.stuck', jail },
        'the expressions of a jail take too long and are put aside',
      )
      await this.#apply(await this.#parts.settings.putAside(jail, this.#current), 'end', null)
    })
  }

  /** Resolves when no change is under way. */
  async settled(): Promise<void> {
    await this.#tail
  }

  async #offer(wanted: WantedSettings): Promise<void> {
    const { settings, state, loop, log } = this.#parts
    const text = JSON.stringify(wanted)
    if (text === JSON.stringify(this.#current.wanted) || text === JSON.stringify(state.settings.failed()))
      return
    const offered = await settings.offer(wanted)
    if (offered.ok) {
      this.#refused = null
      log.info({ rev: wanted.revision }, 'settings applied')
      return this.#apply(offered.built, 'end', wanted)
    }
    const { reason } = offered
    const isTold = this.#refused?.wanted.revision === wanted.revision && this.#refused.reason === reason
    this.#refused = { wanted, reason }
    if (isTold) return
    log.warn({ rev: wanted.revision, reason }, 'settings refused')
    await loop.record([{ kind: 'settings.refused', revision: wanted.revision, reason }])
  }

  async #goBack(): Promise<void> {
    const { settings, state, clock, log } = this.#parts
    const onTrial = this.#trial
    // It was confirmed, or another one began, while this waited for its turn.
    if (onTrial === null || !hasFailed(onTrial.trial, clock.now())) return
    const { wanted, previous } = onTrial.trial
    const built = await settings.goBackTo(previous)
    const reason = failureOf(onTrial.trial)
    await this.#bring(built, 'end', {
      write: () => {
        this.#good.put(built.good)
        state.settings.put(previous)
        state.settings.putTrial(null)
        state.settings.putFailed(wanted)
      },
      events: [{ kind: 'settings.refused', revision: wanted.revision, reason }],
    })
    this.#trial = null
    log.error({ code: 'settings.unconfirmed', rev: wanted.revision, reason }, 'settings taken back')
  }

  async #apply(built: Built, first: 'beginning' | 'end', wanted: WantedSettings | null): Promise<void> {
    const { state, clock } = this.#parts
    const running = { wanted: this.#current.wanted, trial: this.#trial?.trial ?? null }
    const trial = wanted === null ? running.trial : trialOf(wanted, running, clock.now())
    const events: readonly NodeEvent[] =
      wanted === null ? [] : [{ kind: 'settings.applied', revision: wanted.revision }]
    const write = () => {
      this.#good.put(built.good)
      if (wanted === null) return
      state.settings.put(wanted)
      state.settings.putTrial(trial)
      state.settings.putFailed(null)
    }
    await this.#bring(built, first, { write, events })
    if (wanted === null) return
    this.#trial = trial && { trial, provenBy: state.outbox.last() }
    // The answer may have been here before all of it was in force.
    this.reached(this.#acked)
  }

  #keep(built: Built): void {
    this.#parts.settings.adopt(built)
    this.#current = built
  }

  async #bring(built: Built, first: 'beginning' | 'end', along: Along): Promise<void> {
    const { loop, roster, onApplied } = this.#parts
    await loop.change(built.planned, along)
    this.#keep(built)
    await roster.follow(built.listening, first)
    onApplied()
  }

  #next<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task)
    this.#tail = result.catch((err: unknown) => {
      this.#parts.log.error({ code: 'settings.failed', err }, 'a change of the settings failed')
    })
    return result
  }
}
