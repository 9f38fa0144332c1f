import type { Listening } from '../settings/listen.ts'
import type { Batch, Source, SourceMaker, SourceReport } from './source.ts'

interface Parts {
  readonly maker: SourceMaker
  readonly cursor: (source: string) => string | null
  readonly take: (source: string, batch: Batch) => Promise<void>
}

/** A source with what it reports of itself. */
export interface Reported {
  readonly id: string
  readonly report: SourceReport
}

/** The sources that are read now. */
export class Roster {
  readonly #parts: Parts
  /** By what makes two sources the same: the path, or for the journal what is wanted of it. */
  readonly #running = new Map<string, Source>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Reads what is wanted now: stops what is not, starts what is new. `first`: where files begin that were never read. */
  async follow({ journal, files }: Listening, first: 'beginning' | 'end'): Promise<void> {
    const { maker } = this.#parts
    const wanted = new Map<string, () => Source>(files.map((path) => [path, () => maker.file(path, first)]))
    if (journal) wanted.set(`journal ${JSON.stringify(journal)}`, () => maker.journal(journal))
    const gone = [...this.#running].filter(([key]) => !wanted.has(key))
    await Promise.all(gone.map(([key]) => this.#stop(key)))
    for (const [key, make] of wanted) if (!this.#running.has(key)) await this.#start(key, make())
  }

  /** All sources, in the order in which they were started. */
  reports(): readonly Reported[] {
    return [...this.#running.values()].map((source) => ({ id: source.id, report: source.status() }))
  }

  /** Stops all; deliveries under way are awaited. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.keys()].map((key) => this.#stop(key)))
  }

  async #start(key: string, source: Source): Promise<void> {
    const { cursor, take } = this.#parts
    this.#running.set(key, source)
    await source.start(cursor(source.id), (batch) => take(source.id, batch))
  }

  async #stop(key: string): Promise<void> {
    const source = this.#running.get(key)
    this.#running.delete(key)
    await source?.[Symbol.asyncDispose]()
  }
}
