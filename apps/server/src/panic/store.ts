import type { EpochMs } from '@warder/core'
import type { SuspensionWish } from '@warder/protocol'

/** What is wanted of each node's enforcing: the last word only. */
export interface SuspensionStore {
  put(nodeId: number, wish: SuspensionWish, at: EpochMs): void
  /** The last word to a node, as long as it matters: a suspension until its end, a resumption as long as one could last. */
  wishFor(nodeId: number, now: EpochMs, resumedAfter: EpochMs): SuspensionWish | null
}
