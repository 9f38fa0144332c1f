import type { EpochMs } from '@warder/core'

/** An order for many, as it was given. */
export interface BulkRow {
  readonly id: string
  readonly at: EpochMs
  readonly by: string
  readonly kind: 'ban' | 'lift'
  readonly jail: string | null
  readonly reason: string | null
  /** How many targets it has. */
  readonly total: number
  /** The order that it takes back. */
  readonly undoOf: string | null
}

/** Orders for many, as long as history is kept. */
export interface BulkStore {
  add(row: Omit<BulkRow, 'total'>, targets: readonly string[]): void
  byId(id: string): BulkRow | null
  targetsOf(id: string): readonly string[]
  newest(limit: number): readonly BulkRow[]
  /** Forgets those from before a moment; what nodes have still to do of them stays. */
  forget(before: EpochMs): void
}
