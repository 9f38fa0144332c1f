import { problemFrom, type Problem } from '../api/problem.ts'

/** One thing that the server is asked for, as often as somebody wants it anew. */
export class Asked<Answer> {
  answer = $state.raw<Answer>() as Answer
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  readonly #ask: () => Promise<Answer>

  /** Asks at once; `before` stands in until there is an answer. */
  constructor(before: Answer, ask: () => Promise<Answer>) {
    this.answer = before
    this.#ask = ask
    void this.again()
  }

  async again(): Promise<void> {
    try {
      this.answer = await this.#ask()
      this.status = 'ready'
    } catch (error) {
      this.problem = problemFrom(error)
      this.status = 'failed'
    }
  }
}
