import type { LogView } from '@warder/protocol/api'
import type { Api } from '../../../api/client.ts'
import { problemFrom, type Problem } from '../../../api/problem.ts'

/** What the agent of a node logged itself, read when somebody wants it. */
export class AgentLog {
  /** Newest first; null: nobody has read it yet. */
  lines = $state.raw<LogView['lines'] | null>(null)
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  readonly #api: Api
  readonly #node: string

  constructor(api: Api, node: string) {
    this.#api = api
    this.#node = node
  }

  async read(): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.problem = null
    try {
      this.lines = (await this.#api.agentLog(this.#node)).lines.toReversed()
    } catch (error) {
      this.problem = problemFrom(error)
    } finally {
      this.busy = false
    }
  }
}
