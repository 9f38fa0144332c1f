import type { EpochMs } from '@warder/core'
import type { TokenView } from '@warder/protocol/api'
import type { Db } from '../db/open.ts'

/** A token by its hash, while it can be used. */
export interface TokenRow {
  readonly id: string
  readonly name: string
  readonly expiresAt: EpochMs | null
  readonly lastUsedAt: EpochMs | null
}

export type TokenStore = ReturnType<typeof tokenStore>

/** API tokens. A revoked one is kept: the audit and the orders name it. */
export function tokenStore(db: Db) {
  const add = db.prepare<[string, string, string, EpochMs, string, EpochMs | null]>(
    'INSERT INTO tokens (id, hash, name, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const VIEW =
    'SELECT id, name, created_at AS createdAt, created_by AS createdBy, expires_at AS expiresAt, last_used_at AS lastUsedAt FROM tokens'
  const usable = db.prepare<[EpochMs], TokenView>(
    `${VIEW} WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) ORDER BY created_at DESC, id`,
  )
  const byId = db.prepare<[string], TokenView>(`${VIEW} WHERE id = ? AND revoked_at IS NULL`)
  const byHash = db.prepare<[string], TokenRow>(
    'SELECT id, name, expires_at AS expiresAt, last_used_at AS lastUsedAt FROM tokens WHERE hash = ? AND revoked_at IS NULL',
  )
  const revoke = db.prepare<[EpochMs, string]>(
    'UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
  )
  const touch = db.prepare<[EpochMs, string]>('UPDATE tokens SET last_used_at = ? WHERE id = ?')
  return {
    add: (token: Omit<TokenView, 'lastUsedAt'>, hash: string) =>
      void add.run(token.id, hash, token.name, token.createdAt, token.createdBy, token.expiresAt),
    /** Those that can be used at a moment, newest first. */
    usable: (now: EpochMs): TokenView[] => usable.all(now),
    byId: (id: string): TokenView | null => byId.get(id) ?? null,
    byHash: (hash: string): TokenRow | null => byHash.get(hash) ?? null,
    revoke: (id: string, at: EpochMs) => void revoke.run(at, id),
    touch: (id: string, at: EpochMs) => void touch.run(at, id),
  }
}
