import type { JailSettings } from '@warder/core'
import type { RevisionView, SettingsBody } from '@warder/protocol/api'
import type { Api, Place } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'
import type { FleetState } from './fleet.svelte.ts'
import type { Toasts } from './toasts.svelte.ts'
import { settingsUndo } from './undo.ts'
import { t } from '../language/t.ts'

type Setting = keyof JailSettings
export type Change = { readonly [K in Setting]?: JailSettings[K] | null }

interface Wish {
  readonly change: Change
  readonly words: string
  readonly confirm?: string | undefined
  readonly confirmWithin?: number | undefined
}

/** Changing settings, and the revisions that came of it. */
export class Tuning {
  /** Newest first. */
  revisions = $state.raw<readonly RevisionView[]>([])
  problem = $state.raw<Problem | null>(null)
  /** Whether the revisions were read: no revision then means that there is none. */
  loaded = $state(false)
  readonly #api: Api
  readonly #fleet: FleetState
  readonly #toasts: Toasts

  constructor(parts: { api: Api; fleet: FleetState; toasts: Toasts }) {
    this.#api = parts.api
    this.#fleet = parts.fleet
    this.#toasts = parts.toasts
  }

  /** The newest revision that is known here. */
  get newest(): number {
    const told = this.#fleet.value.nodes.map((node) => node.revision.wanted)
    return Math.max(0, this.revisions[0]?.revision ?? 0, ...told)
  }

  async load(): Promise<void> {
    try {
      this.revisions = await this.#api.revisions()
      this.loaded = true
      this.problem = null
    } catch (error) {
      this.problem = problemFrom(error)
    }
  }

  /**
   * Changes a jail at a place; throws an ApiError when refused. `words` says what it was, for the toast with Undo.
   * `confirmWithin`: seconds in which a node must reach the server afterwards, else it goes back by itself.
   */
  async change(place: Place, jail: string, { change, words, confirm, confirmWithin }: Wish): Promise<void> {
    const undo = settingsUndo(this.#jailsOf(jail), place, keysOf(change))
    await this.#send(place, jail, {
      ...change,
      ...(confirm === undefined ? {} : { confirm }),
      ...(confirmWithin === undefined ? {} : { confirmWithin }),
    })
    const run = (): void => void this.#takeBack(place, jail, { undo, words })
    this.#toasts.done(words, { action: { label: t('Undo'), run }, stays: 10_000 })
  }

  /** Goes back to a revision, if the newest is still `base`; throws an ApiError when refused. */
  async restore(revision: number, base: number, confirm: string | undefined): Promise<void> {
    try {
      await this.#api.restore(revision, { base, ...(confirm === undefined ? {} : { confirm }) })
      this.#toasts.done(t('The settings are as in revision {revision} again', { revision: String(revision) }))
    } finally {
      await Promise.all([this.load(), this.#fleet.load()])
    }
  }

  async #takeBack(
    place: Place,
    jail: string,
    { undo, words }: { undo: SettingsBody; words: string },
  ): Promise<void> {
    try {
      await this.#send(place, jail, undo)
      this.#toasts.done(t('Taken back: {words}', { words }))
    } catch (error) {
      this.#toasts.problem(t('The change could not be taken back'), problemFrom(error))
    }
  }

  async #send(place: Place, jail: string, body: SettingsBody): Promise<void> {
    try {
      const base = this.newest
      await this.#api.changeSettings(place, jail, { ...body, base })
    } finally {
      // Also after a refusal as stale: what is shown must be what is so.
      await Promise.all([this.load(), this.#fleet.load()])
    }
  }

  #jailsOf(jail: string) {
    return this.#fleet.value.jails.filter((one) => one.jail === jail)
  }
}

const keysOf = (change: Change): Setting[] =>
  (['enabled', 'maxretry', 'findtime', 'bantime', 'policy'] as const).filter(
    (key) => change[key] !== undefined,
  )
