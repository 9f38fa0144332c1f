import type { SilenceView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom } from '../api/problem.ts'
import { formatTime } from '../format/date.ts'
import { t } from '../language/t.ts'
import type { Clock } from './clock.svelte.ts'
import type { Toasts } from './toasts.svelte.ts'

interface SilenceParts {
  readonly api: Api
  readonly toasts: Toasts
  readonly clock: Clock
}

/** Whether notifications are silenced: read now and then, and after each change from here. */
export class Silence {
  busy = $state(false)
  #value = $state.raw<SilenceView | null>(null)
  readonly #parts: SilenceParts
  /** The silence that holds; null: there is none. */
  readonly now = $derived.by(() => {
    const silence = this.#value?.silence ?? null
    return silence !== null && this.#parts.clock.now < silence.until ? silence : null
  })

  constructor(parts: SilenceParts) {
    this.#parts = parts
  }

  /** What is held back so far, by topic. */
  get held(): SilenceView['held'] {
    return this.now === null ? [] : (this.#value?.held ?? [])
  }

  async load(): Promise<void> {
    try {
      this.#value = await this.#parts.api.silence()
    } catch {
      // What was known stays; the connection says by itself that the server does not answer.
    }
  }

  /** Silences notifications for so many seconds from now on; `critical`: what is critical is told all the same. */
  async begin(seconds: number, critical: boolean): Promise<void> {
    const { api, toasts } = this.#parts
    await this.#change(t('Notifications were not silenced'), async () => {
      this.#value = await api.beSilent({ seconds, critical })
      const until = this.#value.silence?.until ?? 0
      toasts.done(t('Notifications are silenced until {until}', { until: formatTime(until) }), {
        action: { label: t('Undo'), run: () => void this.end() },
      })
    })
  }

  async end(): Promise<void> {
    const { api, toasts } = this.#parts
    await this.#change(t('The silence was not ended'), async () => {
      await api.endSilence()
      this.#value = null
      toasts.done(t('Notifications are told again'))
    })
  }

  async #change(problem: string, work: () => Promise<void>): Promise<void> {
    this.busy = true
    try {
      await work()
    } catch (error) {
      this.#parts.toasts.problem(problem, problemFrom(error))
    } finally {
      this.busy = false
    }
  }
}
