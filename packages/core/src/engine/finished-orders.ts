import type { Effect } from './effect.ts'

/** How many of the last orders are remembered. */
const MOST_KEPT = 1_000

/**
 * The orders that were carried out last. An order that comes again (its answer was lost on the way) is only
 * answered again: a second ban from then on would end later than the operator asked for.
 */
export class FinishedOrders {
  readonly #answers = new Map<string, Effect>()

  /** The answer of an order that was carried out before. */
  answerTo(order: string): Effect | null {
    return this.#answers.get(order) ?? null
  }

  /** Remembers an order by its last effect, which is its answer. */
  remember(order: string, effects: readonly Effect[]): void {
    const answer = effects.at(-1)
    if (answer !== undefined) this.#answers.set(order, answer)
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST_KEPT) return
      this.#answers.delete(oldest)
    }
  }
}
