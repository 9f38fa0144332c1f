import type { Clock } from '@warder/daemon'

interface Parts<A> {
  readonly clock: Clock
  /** Finds an answer. Never rejects. */
  readonly work: (question: string) => Promise<A>
  /** So many are worked on at a time. */
  readonly atOnce: number
  /** So many may wait beside them; more are turned away. */
  readonly waiting: number
  /** How long, and how many, answers are kept for who asks the same. */
  readonly keptMs: number
  readonly kept: number
}

interface Entry<A> {
  readonly answer: Promise<A>
  /** Null: it is still being worked on. */
  until: number | null
}

/**
 * Answers questions that take a while, a few at a time. Log lines are written by attackers, so all here is bounded;
 * whoever asks what is asked already gets the same answer.
 */
export class Desk<A> {
  readonly #parts: Parts<A>
  /** In order of asking, so the first one is the oldest. */
  readonly #entries = new Map<string, Entry<A>>()
  readonly #queue: (() => void)[] = []
  #busy = 0

  constructor(parts: Parts<A>) {
    this.#parts = parts
  }

  /** The answer; null at once where too many wait. */
  ask(question: string): Promise<A> | null {
    const { clock, waiting } = this.#parts
    const known = this.#entries.get(question)
    if (known !== undefined && (known.until === null || clock.now() < known.until)) return known.answer
    if (this.#queue.length >= waiting) return null
    const entry: Entry<A> = { answer: this.#inTurn(question), until: null }
    this.#entries.delete(question)
    this.#entries.set(question, entry)
    void entry.answer.then(() => this.#keep(question, entry))
    return entry.answer
  }

  async #inTurn(question: string): Promise<A> {
    if (this.#busy >= this.#parts.atOnce) await new Promise<void>((resolve) => this.#queue.push(resolve))
    else this.#busy++
    try {
      return await this.#parts.work(question)
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#busy--
    }
  }

  #keep(question: string, entry: Entry<A>): void {
    const { clock, keptMs, kept } = this.#parts
    entry.until = clock.now() + keptMs
    if (keptMs === 0) this.#entries.delete(question)
    for (const [oldest, { until }] of this.#entries) {
      if (this.#entries.size <= kept) return
      if (until !== null) this.#entries.delete(oldest)
    }
  }
}
