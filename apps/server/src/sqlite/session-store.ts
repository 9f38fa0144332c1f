import type { EpochMs } from '@warder/core'
import type { Db } from './open.ts'
import type { KnownSession } from '../auth/presence.ts'
import type { SessionRow, OwnSession, NewSession, SessionStore } from '../auth/session-store.ts'

/** Who is signed in, and in which browsers somebody was before. */
export function sessionStore(db: Db): SessionStore {
  const open = db.prepare<[string, string, number, string, string, EpochMs, EpochMs, EpochMs]>(
    'INSERT INTO sessions (hash, id, operator_id, address, agent, created_at, used_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const byHash = db.prepare<[string], SessionRow>(
    `SELECT hash, operator_id AS operatorId, name AS operator, role, used_at AS usedAt, ends_at AS endsAt
     FROM sessions JOIN operators ON operators.id = operator_id WHERE hash = ? AND disabled_at IS NULL`,
  )
  const ofOperator = db.prepare<[number], OwnSession>(
    `SELECT id, hash, address, agent, created_at AS createdAt, used_at AS usedAt, ends_at AS endsAt
     FROM sessions WHERE operator_id = ? ORDER BY used_at DESC, id`,
  )
  const usedSince = db.prepare<[EpochMs], KnownSession>(
    'SELECT hash, address, used_at AS at FROM sessions WHERE used_at > ?',
  )
  const touch = db.prepare<[EpochMs, string]>('UPDATE sessions SET used_at = ? WHERE hash = ?')
  const close = db.prepare<[string]>('DELETE FROM sessions WHERE hash = ?')
  const forget = db.prepare<[EpochMs, EpochMs]>('DELETE FROM sessions WHERE used_at < ? OR ends_at <= ?')
  const know = db.prepare<[string, number, EpochMs]>(
    'INSERT INTO devices (hash, operator_id, used_at) VALUES (?, ?, ?) ON CONFLICT (hash, operator_id) DO UPDATE SET used_at = excluded.used_at',
  )
  const knows = db.prepare<[string, number, EpochMs], { n: number }>(
    'SELECT COUNT(*) AS n FROM devices WHERE hash = ? AND operator_id = ? AND used_at >= ?',
  )
  const forgetDevices = db.prepare<[EpochMs]>('DELETE FROM devices WHERE used_at < ?')
  const forgetDevicesOf = db.prepare<[number]>('DELETE FROM devices WHERE operator_id = ?')
  return {
    open: (session: NewSession): void =>
      void open.run(
        session.hash,
        session.id,
        session.operatorId,
        session.address,
        session.agent,
        session.createdAt,
        session.createdAt,
        session.endsAt,
      ),
    byHash: (hash: string): SessionRow | null => byHash.get(hash) ?? null,
    ofOperator: (id: number): OwnSession[] => ofOperator.all(id),
    since: (at: EpochMs): readonly KnownSession[] => usedSince.all(at),
    touch: (hash: string, at: EpochMs) => void touch.run(at, hash),
    close: (hash: string) => void close.run(hash),
    forget: (usedBefore: EpochMs, endedAt: EpochMs) => void forget.run(usedBefore, endedAt),
    knowDevice: (hash: string, operatorId: number, at: EpochMs) => void know.run(hash, operatorId, at),
    knowsDevice: (hash: string, operatorId: number, since: EpochMs): boolean =>
      (knows.get(hash, operatorId, since)?.n ?? 0) > 0,
    forgetDevices: (before: EpochMs) => void forgetDevices.run(before),
    forgetDevicesOf: (operatorId: number) => void forgetDevicesOf.run(operatorId),
  }
}
