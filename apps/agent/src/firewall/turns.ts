/** Counts the beginnings and ends of a piece of work, so that one can tell whether any was under way meanwhile. */
export class Turns {
  #count = 0
  #underWay = 0

  async take<T>(work: () => Promise<T>): Promise<T> {
    this.#count++
    this.#underWay++
    try {
      return await work()
    } finally {
      this.#underWay--
    }
  }

  /** → a question: has there been no turn from now until then? */
  watch(): () => boolean {
    const before = this.#underWay === 0 ? this.#count : -1
    return () => this.#count === before
  }
}
