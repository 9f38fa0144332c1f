import type { BanView, EventView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'

/** What history knows of an address. */
export class Dossier {
  past = $state.raw<readonly BanView[]>([])
  events = $state.raw<readonly EventView[]>([])
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
      const [past, events] = await Promise.all([
        this.#api.bans({ ip, active: false, limit: 20 }),
        this.#api.events({ ip, limit: 30 }),
      ])
      this.past = past.rows
      this.events = events.rows
      this.status = 'ready'
    } catch (error) {
      this.problem = problemFrom(error)
      this.status = 'failed'
    }
  }
}
