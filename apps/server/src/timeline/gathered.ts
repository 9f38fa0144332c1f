import type { Around } from '../storage/writer.ts'
import type { CounterStore } from './store.ts'
import { Tally } from './tally.ts'

/** What all batches of one transaction count together: one row for each count, however many batches there are. */
export class Gathered implements Around {
  readonly #counters: CounterStore
  readonly #countryOf: (ip: string) => string
  #tally: Tally

  constructor(counters: CounterStore, countryOf: (ip: string) => string) {
    this.#counters = counters
    this.#countryOf = countryOf
    this.#tally = new Tally(countryOf)
  }

  get tally(): Tally {
    return this.#tally
  }

  begin(): void {
    this.#tally = new Tally(this.#countryOf)
  }

  end(): void {
    this.#counters.add(this.#tally)
  }
}
