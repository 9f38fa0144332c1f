import type { BanView, EventView, Place, SuccessView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'

/** What history knows of an address. */
export class Dossier {
  past = $state.raw<readonly BanView[]>([])
  events = $state.raw<readonly EventView[]>([])
  /** Where it is at home; null: not known. */
  place = $state.raw<Place | null>(null)
  /** Logins from there that went well; null: none, or not known. */
  successes = $state.raw<SuccessView | null>(null)
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  readonly ip: string
  readonly #api: Api

  constructor(api: Api, ip: string) {
    this.#api = api
    this.ip = ip
  }

  async load(): Promise<void> {
    this.status = 'loading'
    try {
      const { ip } = this
      const [past, events, known] = await Promise.all([
        this.#api.bans({ ip, active: false, limit: 20 }),
        this.#api.events({ ip, limit: 30 }),
        // What is known of the address is shown without it too.
        this.#api.address(ip, 1).then(
          (view) => view,
          () => null,
        ),
      ])
      this.past = past.rows
      this.events = events.rows
      this.place = known?.place ?? null
      this.successes = known?.successes ?? null
      this.status = 'ready'
    } catch (error) {
      this.problem = problemFrom(error)
      this.status = 'failed'
    }
  }
}
