import type { EpochMs } from '@warder/core'
import type { Scope } from '@warder/protocol/api'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { TokenRow, ListedToken, TokenStore } from '../tokens/store.ts'

type Stored<T> = Omit<T, 'scopes'> & { scopes: string }

const read = <T extends { scopes: string }>(row: T): Omit<T, 'scopes'> & { scopes: Scope[] } => ({
  ...row,
  scopes: fromText<Scope[]>(row.scopes),
})

/** API tokens. A revoked one is kept: the audit and the orders name it. */
export function tokenStore(db: Db): TokenStore {
  const add = db.prepare<[string, string, string, number | null, string, EpochMs, string, EpochMs | null]>(
    'INSERT INTO tokens (id, hash, name, operator_id, scopes, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const VIEW =
    'SELECT id, name, operator_id AS operatorId, scopes, created_at AS createdAt, created_by AS createdBy, expires_at AS expiresAt, last_used_at AS lastUsedAt FROM tokens'
  const usable = db.prepare<[EpochMs], Stored<ListedToken>>(
    `${VIEW} WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) ORDER BY created_at DESC, id`,
  )
  const byId = db.prepare<[string], Stored<ListedToken>>(`${VIEW} WHERE id = ? AND revoked_at IS NULL`)
  // Without its owner, or while they are disabled, a token is good for nothing.
  const USED = `SELECT tokens.id, tokens.name, expires_at AS expiresAt, last_used_at AS lastUsedAt, operator_id AS operatorId, role, scopes
    FROM tokens JOIN operators ON operators.id = operator_id AND disabled_at IS NULL WHERE revoked_at IS NULL`
  const byHash = db.prepare<[string], Stored<TokenRow>>(`${USED} AND hash = ?`)
  const usedById = db.prepare<[string, EpochMs], Stored<TokenRow>>(
    `${USED} AND tokens.id = ? AND (expires_at IS NULL OR expires_at > ?)`,
  )
  const revoke = db.prepare<[EpochMs, string]>(
    'UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
  )
  const revokeAll = db.prepare<[EpochMs, number]>(
    'UPDATE tokens SET revoked_at = ? WHERE operator_id = ? AND revoked_at IS NULL',
  )
  const touch = db.prepare<[EpochMs, string]>('UPDATE tokens SET last_used_at = ? WHERE id = ?')
  return {
    add: (token: Omit<ListedToken, 'lastUsedAt'>, hash: string): void =>
      void add.run(
        token.id,
        hash,
        token.name,
        token.operatorId,
        toText(token.scopes),
        token.createdAt,
        token.createdBy,
        token.expiresAt,
      ),
    usable: (now: EpochMs): ListedToken[] => usable.all(now).map(read),
    byId(id: string): ListedToken | null {
      const row = byId.get(id)
      return row ? read(row) : null
    },
    byHash(hash: string): TokenRow | null {
      const row = byHash.get(hash)
      return row ? read(row) : null
    },
    usableById(id: string, now: EpochMs): TokenRow | null {
      const row = usedById.get(id, now)
      return row ? read(row) : null
    },
    revoke: (id: string, at: EpochMs) => void revoke.run(at, id),
    revokeAll: (operatorId: number, at: EpochMs) => void revokeAll.run(at, operatorId),
    touch: (id: string, at: EpochMs) => void touch.run(at, id),
  }
}
