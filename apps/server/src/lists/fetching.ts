import { readList } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { ImportedView } from '@warder/protocol/api'
import type { Requester } from '../bans/lockout.ts'
import { FetchError, type Fetched, type FetchWish } from './fetch.ts'
import type { Lists } from './lists.ts'
import type { FetchNote, ListRow, ListStore } from './store.ts'

/** How often it is looked whether a list is due (ms). */
const LOOK_EVERY_MS = 60_000
const HOUR_MS = 3_600_000
/** A fetch that failed is tried again after so long at most. */
const AGAIN_MS = HOUR_MS

export interface FetchingParts {
  readonly clock: Clock
  readonly log: Logger
  readonly store: ListStore
  readonly lists: Lists
  readonly fetch: (wish: FetchWish) => Promise<Fetched>
}

/** Whether a list is to be fetched now. */
export function isDue({ url, triedAt, trouble, hours }: ListRow, now: number): boolean {
  if (url === null) return false
  if (triedAt === null) return true
  const pause = trouble === null ? hours * HOUR_MS : Math.min(AGAIN_MS, hours * HOUR_MS)
  return now - triedAt >= pause
}

const NOTHING: ImportedView = { added: 0, removed: 0, kept: 0, duplicates: 0, bad: 0, misread: [] }

/** Fetches lists from their URLs: one after the other, when they are due or an operator asks. */
export class Fetching {
  readonly #parts: FetchingParts
  readonly #timer: Disposable
  #tail: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(parts: FetchingParts) {
    this.#parts = parts
    this.#timer = parts.clock.every(LOOK_EVERY_MS, () => this.look())
  }

  /** Fetches what is due. */
  look(): void {
    const now = this.#parts.clock.now()
    for (const list of this.#parts.store.all()) {
      if (isDue(list, now)) void this.fetch(list.name, null).catch(() => {})
    }
  }

  /**
   * Fetches a list now → what changed. Whatever goes wrong is noted on the list, and what it held stays.
   * @throws AppError list.unknown, list.unfetched, list.full, ban.self
   */
  fetch(name: string, who: Requester | null): Promise<ImportedView> {
    const result = this.#tail.then(() => this.#fetch(name, who))
    this.#tail = result.catch(() => {})
    return result
  }

  stop(): void {
    this.#stopped = true
    this.#timer[Symbol.dispose]()
  }

  async #fetch(name: string, who: Requester | null): Promise<ImportedView> {
    const { clock, log, store, lists, fetch } = this.#parts
    const list = lists.known(name)
    if (list.url === null) throw new AppError('list.unfetched', `${name} has no URL.`)
    // It may have been fetched while this waited.
    if (who === null && !isDue(list, clock.now())) return NOTHING
    const note = (change: Partial<FetchNote>): void => {
      if (!this.#stopped) store.noteFetch(list.id, { ...list, triedAt: clock.now(), ...change })
    }
    try {
      const fetched = await fetch({ url: list.url, etag: list.etag })
      if (this.#stopped) return NOTHING
      if (fetched.kind === 'same') {
        note({ fetchedAt: clock.now(), trouble: null })
        return NOTHING
      }
      // A page that holds no address at all is a page of errors, not an empty list.
      if (readList(fetched.text, 'column').targets.length === 0)
        throw new FetchError('what came holds no address')
      const how = { text: fetched.text, replace: true, fetched: true, note: '', for: null }
      const done = lists.take(name, how, who)
      const { bad, misread } = done
      note({ fetchedAt: clock.now(), etag: fetched.etag, trouble: null, bad, misread })
      log.info({ list: name, added: done.added, removed: done.removed, bad }, 'list fetched')
      return done
    } catch (err) {
      const reason = err instanceof Error ? err.message : String(err)
      note({ trouble: reason.slice(0, 500) })
      log.warn({ list: name, reason }, 'list not fetched')
      if (err instanceof FetchError) throw new AppError('list.unfetched', `${name}: ${reason}.`)
      throw err
    }
  }
}
