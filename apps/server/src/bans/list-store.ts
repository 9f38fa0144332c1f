import type { EpochMs } from '@warder/core'
import type { Place } from '../http/cursor.ts'
import type { BanRow } from './store.ts'

/** Which bans to list. */
export interface BanFilter {
  /** Canonical: an address finds what contains it, a subnet what is inside. */
  readonly target: string | null
  readonly search: string | null
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
