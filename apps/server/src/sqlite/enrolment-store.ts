import type { EpochMs } from '@warder/core'
import type { Db } from './open.ts'
import type { KeyRow, EnrolmentStore } from '../enrolment/store.ts'

/** The keys of agents and the join codes by which they become known. */
export function enrolmentStore(db: Db): EnrolmentStore {
  const find = db.prepare<[string], KeyRow>(
    'SELECT node_id AS nodeId, revoked_at AS revokedAt FROM node_keys WHERE public_key = ?',
  )
  const trust = db.prepare<[string, number, EpochMs]>(
    `INSERT INTO node_keys (public_key, node_id, added_at) VALUES (?, ?, ?)
     ON CONFLICT (public_key) DO UPDATE SET revoked_at = NULL`,
  )
  const revoke = db.prepare<[EpochMs, number]>(
    'UPDATE node_keys SET revoked_at = ? WHERE node_id = ? AND revoked_at IS NULL',
  )
  const trusted = db.prepare<[number], { found: number }>(
    'SELECT 1 AS found FROM node_keys WHERE node_id = ? AND revoked_at IS NULL LIMIT 1',
  )
  const addCode = db.prepare<[string, EpochMs, EpochMs]>(
    'INSERT INTO join_codes (hash, created_at, expires_at) VALUES (?, ?, ?)',
  )
  const useCode = db.prepare<[EpochMs, string, string, EpochMs]>(
    'UPDATE join_codes SET used_at = ?, used_by = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ?',
  )
  const forgetCodes = db.prepare<[EpochMs]>('DELETE FROM join_codes WHERE expires_at < ?')
  return {
    key: (publicKey: string): KeyRow | null => find.get(publicKey) ?? null,
    trust: (publicKey: string, nodeId: number, at: EpochMs) => void trust.run(publicKey, nodeId, at),
    revokeKeys: (nodeId: number, at: EpochMs) => void revoke.run(at, nodeId),
    hasTrustedKey: (nodeId: number): boolean => trusted.get(nodeId) !== undefined,
    addCode: (hash: string, times: { createdAt: EpochMs; expiresAt: EpochMs }) =>
      void addCode.run(hash, times.createdAt, times.expiresAt),
    useCode: (hash: string, by: string, now: EpochMs): boolean =>
      useCode.run(now, by, hash, now).changes === 1,
    forgetCodes: (before: EpochMs) => void forgetCodes.run(before),
  }
}
