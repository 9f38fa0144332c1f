import type { EpochMs } from '@warder/core'
import type { NodeRow } from './store.ts'

/** Whether a node is linked now, and since when that is so. */
export interface Liveness {
  readonly state: 'online' | 'offline' | 'never-seen'
  readonly since: EpochMs
}

/** `onlineSince`: when its present link was opened, null without one. */
export function livenessOf(node: NodeRow, onlineSince: EpochMs | null): Liveness {
  if (onlineSince !== null) return { state: 'online', since: onlineSince }
  if (node.lastSeenAt !== null) return { state: 'offline', since: node.lastSeenAt }
  return { state: 'never-seen', since: node.enrolledAt }
}
