import type { EpochMs, NodeEvent } from '@warder/core'
import type { SuccessView } from '@warder/protocol/api'

export type SuccessFound = Extract<NodeEvent, { kind: 'success.found' }>

/** From where people logged in on nodes. */
export interface SuccessStore {
  /** `at`: when the node told it; a log can be read late, but nothing in it lies in the future. */
  add(nodeId: number, at: EpochMs, success: SuccessFound): void
  /** What is known of a target since a moment; null: nobody logged in from there. */
  seen(target: string, since: EpochMs): SuccessView | null
  /** The same for many; those of whom nothing is known are left out. */
  seenOf(targets: readonly string[], since: EpochMs): readonly (readonly [string, SuccessView])[]
  /** Forgets at most `limit` rows from before a moment; answers how many. */
  forget(before: EpochMs, limit: number): number
}
