import type { EpochMs } from '@warder/core'

export interface KeyRow {
  readonly nodeId: number
  readonly revokedAt: EpochMs | null
}

/** The keys of agents and the join codes by which they become known. */
export interface EnrolmentStore {
  key(publicKey: string): KeyRow | null
  /** From now on this key speaks for the node, also if it was revoked before. */
  trust(publicKey: string, nodeId: number, at: EpochMs): void
  revokeKeys(nodeId: number, at: EpochMs): void
  hasTrustedKey(nodeId: number): boolean
  addCode(hash: string, times: { createdAt: EpochMs; expiresAt: EpochMs }): void
  /** Uses a code up; false when it is unknown, used or expired. */
  useCode(hash: string, by: string, now: EpochMs): boolean
  /** Forgets codes that ended before a moment. */
  forgetCodes(before: EpochMs): void
}
