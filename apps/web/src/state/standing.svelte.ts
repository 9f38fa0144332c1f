import type { BanView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'

/** Most bans of one target that are asked for. */
const MOST = 200

/** Where an address or subnet is banned now. An answer that was overtaken by another question is left out. */
export class Standing {
  ip = $state<string | null>(null)
  /** Null: not known yet. */
  bans = $state.raw<readonly BanView[] | null>(null)
  problem = $state.raw<Problem | null>(null)
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Asks about an address; null: about none any more. */
  async look(ip: string | null): Promise<void> {
    if (ip === this.ip) return
    this.ip = ip
    this.bans = null
    this.problem = null
    if (ip === null) return
    try {
      const page = await this.#api.bans({ ip, active: true, limit: MOST })
      if (ip === this.ip) this.bans = page.rows
    } catch (error) {
      if (ip === this.ip) this.problem = problemFrom(error)
    }
  }
}
