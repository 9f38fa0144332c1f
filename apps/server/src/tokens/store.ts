import type { EpochMs } from '@warder/core'
import type { Role, Scope, TokenView } from '@warder/protocol/api'

/** A token while it can be used, with what its owner may do. */
export interface TokenRow {
  readonly id: string
  readonly name: string
  readonly expiresAt: EpochMs | null
  readonly lastUsedAt: EpochMs | null
  readonly operatorId: number
  readonly role: Role
  readonly scopes: readonly Scope[]
}

/** A token as it is listed, with whose it is. */
export type ListedToken = TokenView & { readonly operatorId: number | null }

/** API tokens. A revoked one is kept: the audit and the orders name it. */
export interface TokenStore {
  add(token: Omit<ListedToken, 'lastUsedAt'>, hash: string): void
  /** Those that can be used at a moment, newest first. */
  usable(now: EpochMs): ListedToken[]
  byId(id: string): ListedToken | null
  byHash(hash: string): TokenRow | null
  usableById(id: string, now: EpochMs): TokenRow | null
  revoke(id: string, at: EpochMs): void
  /** All of one operator. */
  revokeAll(operatorId: number, at: EpochMs): void
  touch(id: string, at: EpochMs): void
}
