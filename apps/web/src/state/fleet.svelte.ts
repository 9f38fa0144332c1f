import type { LiveDown } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'
import { applyLive } from './apply-event.ts'
import { EMPTY_FLEET, FEED_LIMIT, inOrder, jailsInOrder, type Fleet } from './fleet.ts'

/** How long counts may be older than the events that changed them, in ms. */
const COUNT_SOON_MS = 400
const COUNT_EVERY_MS = 2_000
const TIMELINE_HOURS = 24

/** The fleet as the dashboard shows it: read once, then kept true by the live stream. */
export class FleetState {
  value = $state.raw<Fleet>(EMPTY_FLEET)
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  readonly #api: Api
  #counting: ReturnType<typeof setTimeout> | null = null
  #countedAt = 0

  constructor(api: Api) {
    this.#api = api
  }

  /** Reads everything anew. What was there stays on the screen until the new is there. */
  async load(): Promise<void> {
    try {
      const [events, nodes, jails, overview, timeline] = await Promise.all([
        this.#api.events({ limit: FEED_LIMIT }),
        this.#api.nodes(),
        this.#api.jails(),
        this.#api.overview(),
        this.#api.timeline(TIMELINE_HOURS),
      ])
      const seq = Math.max(events.rows[0]?.seq ?? 0, this.value.seq ?? 0)
      this.value = {
        seq,
        nodes: inOrder(nodes),
        jails: jailsInOrder(jails),
        overview,
        timeline,
        feed: events.rows,
      }
      this.status = 'ready'
      this.problem = null
    } catch (error) {
      this.problem = problemFrom(error)
      if (this.status === 'loading') this.status = 'failed'
    }
  }

  /** Reads again after a failure. */
  async retry(): Promise<void> {
    if (this.status === 'failed') this.status = 'loading'
    await this.load()
  }

  /** Takes a message of the live stream. */
  receive(message: LiveDown): void {
    const before = this.value
    this.value = applyLive(before, message)
    if (message.kind === 'events' && this.value !== before) this.countSoon()
  }

  /** Forgets everything, when somebody signed out. */
  clear(): void {
    this.value = EMPTY_FLEET
    this.status = 'loading'
    this.problem = null
  }

  /** Has the counts read again, since distinct addresses cannot be counted from events alone; at most every 2 s. */
  countSoon(): void {
    if (this.#counting !== null) return
    const wait = Math.max(COUNT_SOON_MS, this.#countedAt + COUNT_EVERY_MS - Date.now())
    this.#counting = setTimeout(() => {
      this.#counting = null
      this.#countedAt = Date.now()
      void this.#count()
    }, wait)
  }

  /** Has the timeline read again, which also moves its window on. */
  async refreshTimeline(): Promise<void> {
    try {
      const timeline = await this.#api.timeline(TIMELINE_HOURS)
      this.value = { ...this.value, timeline }
    } catch {
      // The timeline on the screen goes on by events; the connection pill tells of the loss.
    }
  }

  async #count(): Promise<void> {
    try {
      const overview = await this.#api.overview()
      this.value = { ...this.value, overview }
    } catch {
      // As above.
    }
  }
}
