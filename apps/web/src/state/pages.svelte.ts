import { problemFrom, type Problem } from '../api/problem.ts'

/** A part of a list, and where the next one begins; null: there is none. */
interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/** A list that is read page by page, as somebody asks for more. */
export class Pages<Row> {
  rows = $state.raw<readonly Row[]>([])
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  /** A page is on its way. */
  busy = $state(false)
  #next = $state<string | null>(null)
  readonly #ask: (cursor: string | null) => Promise<Page<Row>>

  /** Reads the first page at once. */
  constructor(ask: (cursor: string | null) => Promise<Page<Row>>) {
    this.#ask = ask
    void this.begin()
  }

  get hasMore(): boolean {
    return this.#next !== null
  }

  /** Reads from the first page on. */
  begin(): Promise<void> {
    return this.#read(null)
  }

  /** Adds the next page. */
  more(): Promise<void> {
    return this.#next === null ? Promise.resolve() : this.#read(this.#next)
  }

  /** Puts rows that have come since in front. */
  prepend(rows: readonly Row[]): void {
    if (rows.length > 0 && this.status === 'ready') this.rows = [...rows, ...this.rows]
  }

  async #read(cursor: string | null): Promise<void> {
    this.busy = true
    try {
      const page = await this.#ask(cursor)
      this.rows = cursor === null ? page.rows : [...this.rows, ...page.rows]
      this.#next = page.next
      this.status = 'ready'
    } catch (error) {
      this.problem = problemFrom(error)
      this.status = 'failed'
    } finally {
      this.busy = false
    }
  }
}
