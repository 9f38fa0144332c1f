import type { EpochMs } from '@warder/core'
import type { Clock } from '@warder/daemon'

/** So long an answer counts. */
const KEPT_MS = 300_000
/** So soon a name is tried again that was not answered. */
const RETRY_MS = 60_000
/** More names than this are a mistake, and each is asked for every few minutes. */
const NAMES_LIMIT = 100

/** A name → its addresses; none where it is not answered in time. Never rejects. */
export type Resolve = (name: string) => Promise<readonly string[]>

interface Known {
  readonly addresses: readonly string[]
  readonly askAfter: EpochMs
}

/** The addresses of host names in `ignoreip`, refreshed every few minutes and kept while nobody answers. */
export class Names {
  readonly #clock: Clock
  readonly #resolve: Resolve
  #known: ReadonlyMap<string, Known> = new Map()

  constructor(clock: Clock, resolve: Resolve) {
    this.#clock = clock
    this.#resolve = resolve
  }

  /** Addresses of all names that are wanted now; a name that was never answered has none. Others are forgotten. */
  async look(names: Iterable<string>): Promise<ReadonlyMap<string, readonly string[]>> {
    const wanted = [...new Set(names)].slice(0, NAMES_LIMIT)
    const looked = await Promise.all(wanted.map(async (name) => [name, await this.#one(name)] as const))
    this.#known = new Map(looked)
    return new Map(looked.map(([name, { addresses }]) => [name, addresses]))
  }

  async #one(name: string): Promise<Known> {
    const before = this.#known.get(name)
    if (before !== undefined && this.#clock.now() < before.askAfter) return before
    const found = await this.#resolve(name)
    const now = this.#clock.now()
    return found.length > 0
      ? { addresses: found.toSorted(), askAfter: now + KEPT_MS }
      : { addresses: before?.addresses ?? [], askAfter: now + RETRY_MS }
  }
}
