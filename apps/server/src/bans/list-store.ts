import type { EpochMs } from '@warder/core'
import type { Term } from '../events/words.ts'
import type { Place } from '../http/cursor.ts'
import type { BanRow } from './store.ts'

/** Which bans to list. */
export interface BanFilter {
  /** Canonical: an address finds what contains it, a subnet what is inside. */
  readonly target: string | null
  /** A part of an address, jail, node or user. */
  readonly search: string | null
  /** Words that must all be there; absent: any ban. */
  readonly terms?: readonly Term[] | undefined
  readonly nodeId: number | null
  readonly jail: string | null
  readonly active: boolean | null
  readonly now: EpochMs
}

/** Pages of bans. */
export interface BanList {
  /** At most `limit` bans behind a place, newest first. */
  page(filter: BanFilter, after: Place | null, limit: number): readonly BanRow[]
  count(filter: BanFilter): number
}
