/**
 * Blocked packets by jail, from counters that start again when somebody takes them down: what is told only grows as
 * long as the agent runs.
 */
export class Dropped {
  readonly #last = new Map<string, number>()
  readonly #before = new Map<string, number>()

  /** `counted`: what the counters of each place say now; those of a jail in several places are summed up. */
  now(counted: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
    const totals = new Map<string, number>()
    for (const [place, counts] of counted.entries()) {
      for (const [jail, count] of counts) {
        const key = `${place} ${jail}`
        const last = this.#last.get(key) ?? 0
        if (count < last) this.#before.set(key, (this.#before.get(key) ?? 0) + last)
        this.#last.set(key, count)
        totals.set(jail, (totals.get(jail) ?? 0) + count + (this.#before.get(key) ?? 0))
      }
    }
    return totals
  }

  /** The counters begin anew. */
  restart(): void {
    for (const [key, count] of this.#last) this.#before.set(key, (this.#before.get(key) ?? 0) + count)
    this.#last.clear()
  }
}
