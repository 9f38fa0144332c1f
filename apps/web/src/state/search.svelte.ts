import type { EventPage, EventView } from '@warder/protocol/api'
import { problemFrom, type Problem } from '../api/problem.ts'

/** One page of what history has for some words. */
export type Ask = (q: string, cursor: string | null) => Promise<EventPage>

/** What somebody looks for in all events. An answer that was overtaken by other words is left out. */
export class EventSearch {
  rows = $state.raw<readonly EventView[]>([])
  next = $state<string | null>(null)
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  #q = ''
  readonly #ask: Ask

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** Looks for other words. */
  async look(q: string): Promise<void> {
    this.#q = q
    this.status = 'loading'
    await this.#load(null)
  }

  /** Adds the next page, older ones. */
  async more(): Promise<void> {
    if (this.next === null || this.busy) return
    await this.#load(this.next)
  }

  again = (): Promise<void> => this.look(this.#q)

  async #load(cursor: string | null): Promise<void> {
    const q = this.#q
    this.busy = true
    try {
      const page = await this.#ask(q, cursor)
      if (q !== this.#q) return
      this.rows = cursor === null ? page.rows : [...this.rows, ...page.rows]
      this.next = page.next
      this.status = 'ready'
    } catch (error) {
      if (q !== this.#q) return
      this.problem = problemFrom(error)
      this.status = 'failed'
    } finally {
      if (q === this.#q) this.busy = false
    }
  }
}
