import type { DoctorView } from '@warder/protocol/api'
import type { Api } from '../../api/client.ts'
import { problemFrom, type Problem } from '../../api/problem.ts'

/** What is broken comes first. */
const RANK = { broken: 0, partly: 1, alive: 2 }

/** A node whose jails are tried with a marked line each, when somebody wants it. */
export class Examination {
  /** Null: nobody has examined it yet. */
  report = $state.raw<DoctorView | null>(null)
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  readonly #api: Api
  readonly #node: string

  constructor(api: Api, node: string) {
    this.#api = api
    this.#node = node
  }

  async begin(): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.problem = null
    try {
      const told = await this.#api.doctor(this.#node, {})
      this.report = {
        ...told,
        jails: told.jails.toSorted((one, other) => RANK[one.verdict] - RANK[other.verdict]),
      }
    } catch (error) {
      this.problem = problemFrom(error)
    } finally {
      this.busy = false
    }
  }
}
