import { problemFrom, type Problem } from '../api/problem.ts'

/** One thing that is asked for when somebody wants it, and then again as often as they want it anew. */
export class Wanted<Answer> {
  /** Null: nobody has asked yet. It stays until the next one is there. */
  answer = $state.raw<Answer | null>(null)
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  readonly #ask: () => Promise<Answer>

  constructor(ask: () => Promise<Answer>) {
    this.#ask = ask
  }

  /** Asks; while that is under way, nothing more. */
  async ask(): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.problem = null
    try {
      this.answer = await this.#ask()
    } catch (error) {
      this.problem = problemFrom(error)
    } finally {
      this.busy = false
    }
  }
}
