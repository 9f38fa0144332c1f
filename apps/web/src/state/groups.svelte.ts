import type { GroupView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'

/** The groups of nodes, the weakest first. */
export class Groups {
  rows = $state.raw<readonly GroupView[]>([])
  problem = $state.raw<Problem | null>(null)
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
    void this.load()
  }

  async load(): Promise<void> {
    try {
      this.rows = (await this.#api.groups()).rows
      this.problem = null
    } catch (error) {
      this.problem = problemFrom(error)
    }
  }

  /** Makes a group or gives it other nodes; throws an ApiError when refused. */
  async put(name: string, nodes: readonly string[]): Promise<void> {
    await this.#api.putGroup(name, { nodes: [...nodes] })
    await this.load()
  }

  async remove(name: string): Promise<void> {
    await this.#api.removeGroup(name)
    await this.load()
  }
}
