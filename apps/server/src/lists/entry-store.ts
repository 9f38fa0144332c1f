import type { EpochMs } from '@warder/core'

/** An entry of a list. */
export interface EntryRow {
  readonly ip: string
  readonly note: string
  /** Null: without an end. */
  readonly until: EpochMs | null
  readonly addedAt: EpochMs
  readonly addedBy: string
  readonly fetched: boolean
}

/** Where an entry is in the order of addresses. */
export interface EntryPlace {
  readonly first: string
  readonly ip: string
}

/** Which entries of a list to show. */
export interface EntryFilter {
  readonly listId: number
  /** Canonical: what contains it, or lies in it. */
  readonly target: string | null
  readonly search: string | null
  readonly now: EpochMs
}

/** What is on lists. */
export interface EntryStore {
  put(listId: number, entry: EntryRow): void
  remove(listId: number, ip: string): boolean
  get(listId: number, ip: string): EntryRow | null
  /** How many entries that have not ended each list has, by the list's id. */
  counts(now: EpochMs): ReadonlyMap<number, number>
  /** All that have not ended. */
  ofList(listId: number, now: EpochMs): readonly EntryRow[]
  /** At most `limit` entries behind a place. */
  page(filter: EntryFilter, after: EntryPlace | null, limit: number): readonly (EntryRow & EntryPlace)[]
  count(filter: EntryFilter): number
  /** Forgets what has ended; nodes have let go of it by themselves. */
  forget(now: EpochMs): void
}
