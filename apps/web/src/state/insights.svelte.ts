import type { InsightsView, TimelineView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'
import type { InsightsQuery, TimeRange } from '../routes.ts'

/** The timeline, and what stands out in a range of it and in the one that it is compared with. */
export class Insights {
  timeline = $state.raw<TimelineView | null>(null)
  found = $state.raw<InsightsView | null>(null)
  other = $state.raw<InsightsView | null>(null)
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  /** New numbers are on their way; the old ones are still there. */
  busy = $state(false)
  readonly #api: Api
  #asked = 0

  constructor(api: Api) {
    this.#api = api
  }

  /** Reads what a query asks for; what is there stays until it has come. An answer that was overtaken is left out. */
  async show({ hours, range, other }: InsightsQuery): Promise<void> {
    const asked = ++this.#asked
    this.busy = true
    try {
      const timeline = await this.#api.timeline(hours)
      const whole: TimeRange = { from: timeline.from, to: timeline.to }
      const [found, compared] = await Promise.all([
        this.#api.insights(range ?? whole),
        other === null ? null : this.#api.insights(other),
      ])
      if (asked !== this.#asked) return
      this.timeline = timeline
      this.found = found
      this.other = compared
      this.status = 'ready'
      this.problem = null
    } catch (error) {
      if (asked !== this.#asked) return
      this.problem = problemFrom(error)
      if (this.timeline === null) this.status = 'failed'
    } finally {
      if (asked === this.#asked) this.busy = false
    }
  }
}
