import type { NodeEvent } from '@warder/core'
import type { Logger } from '@warder/daemon'
import type { Operators, WantedLists, WantedSettings } from '@warder/protocol'
import type { Along } from '../engine/loop-parts.ts'
import type { Loop } from '../engine/loop.ts'
import { readLists, type LocalAllowed } from '../lists/held.ts'
import type { Roster } from '../source/roster.ts'
import type { State } from '../state/state.ts'
import { goodJails, type GoodJails } from './good-jails.ts'
import type { LocalChange } from './local.ts'
import { keyOf, type Built, type Settings } from './settings.ts'

interface Parts {
  readonly settings: Settings
  readonly loop: Loop
  readonly roster: Roster
  readonly state: State
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
  #tail: Promise<unknown> = Promise.resolve()

  /** `first`: what runs already. */
  constructor(parts: Parts, first: Built) {
    this.#parts = parts
    this.#current = first
    this.#good = goodJails(parts.state.facts)
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
    const { settings, loop, log } = this.#parts
    if (JSON.stringify(wanted) === JSON.stringify(this.#current.wanted)) return
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

  async #apply(built: Built, first: 'beginning' | 'end', wanted: WantedSettings | null): Promise<void> {
    const { state } = this.#parts
    const events: readonly NodeEvent[] =
      wanted === null ? [] : [{ kind: 'settings.applied', revision: wanted.revision }]
    const write = () => {
      this.#good.put(built.good)
      if (wanted !== null) state.settings.put(wanted)
    }
    await this.#bring(built, first, { write, events })
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
