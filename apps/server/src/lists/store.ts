import type { EpochMs, Misread } from '@warder/core'

/** A list without its entries. */
export interface ListRow {
  readonly id: number
  readonly kind: 'allow' | 'deny'
  readonly name: string
  readonly note: string
  readonly createdAt: EpochMs
  readonly createdBy: string
  readonly changedAt: EpochMs
  readonly changedBy: string
  readonly url: string | null
  readonly hours: number
  readonly triedAt: EpochMs | null
  readonly fetchedAt: EpochMs | null
  readonly etag: string | null
  readonly trouble: string | null
  readonly bad: number
  readonly misread: readonly Misread[]
}

/** What an operator says of a list. */
export type ListWish = Pick<ListRow, 'kind' | 'name' | 'note' | 'url' | 'hours'>

/** What came of a fetch. */
export type FetchNote = Pick<ListRow, 'triedAt' | 'fetchedAt' | 'etag' | 'trouble' | 'bad' | 'misread'>

/** The number of all lists, and the stamp of their content. */
export interface ListState {
  readonly revision: number
  readonly stamp: string
}

/** Lists, without what is on them. */
export interface ListStore {
  all(): readonly ListRow[]
  byName(name: string): ListRow | null
  add(list: ListWish, by: string, at: EpochMs): number
  describe(id: number, list: Pick<ListRow, 'note' | 'url' | 'hours'>): void
  touch(id: number, by: string, at: EpochMs): void
  noteFetch(id: number, note: FetchNote): void
  remove(id: number): void
  state(): ListState
  /** Something on the lists is different from now on. */
  bump(stamp: string): void
}
