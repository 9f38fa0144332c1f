import type { EpochMs } from '@warder/core'
import type { Db } from '../db/open.ts'
import type { KnownSession } from './presence.ts'

export interface OperatorRow {
  readonly id: number
  readonly name: string
  readonly password: string
}

/** A session, found by the hash of what the cookie holds. */
export interface SessionRow {
  readonly hash: string
  readonly operator: string
  readonly createdAt: EpochMs
  readonly usedAt: EpochMs
}

export type OperatorStore = ReturnType<typeof operatorStore>

/** Operators and their sessions. */
export function operatorStore(db: Db) {
  const count = db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM operators')
  const byName = db.prepare<[string], OperatorRow>('SELECT id, name, password FROM operators WHERE name = ?')
  const add = db.prepare<[string, string, EpochMs]>(
    'INSERT INTO operators (name, password, created_at) VALUES (?, ?, ?)',
  )
  const open = db.prepare<[string, number, string, EpochMs, EpochMs]>(
    'INSERT INTO sessions (hash, operator_id, address, created_at, used_at) VALUES (?, ?, ?, ?, ?)',
  )
  const session = db.prepare<[string], SessionRow>(
    `SELECT hash, operators.name AS operator, sessions.created_at AS createdAt, used_at AS usedAt
     FROM sessions JOIN operators ON operators.id = operator_id WHERE hash = ?`,
  )
  const since = db.prepare<[EpochMs], KnownSession>(
    'SELECT hash, address, used_at AS at FROM sessions WHERE used_at > ?',
  )
  const touch = db.prepare<[EpochMs, string]>('UPDATE sessions SET used_at = ? WHERE hash = ?')
  const close = db.prepare<[string]>('DELETE FROM sessions WHERE hash = ?')
  const renew = db.prepare<[string, number]>('UPDATE operators SET password = ? WHERE id = ?')
  const closeAll = db.prepare<[number]>('DELETE FROM sessions WHERE operator_id = ?')
  const forget = db.prepare<[EpochMs, EpochMs]>('DELETE FROM sessions WHERE used_at < ? OR created_at < ?')
  return {
    count: (): number => count.get()?.n ?? 0,
    byName: (name: string): OperatorRow | null => byName.get(name) ?? null,
    add: (operator: { name: string; password: string; at: EpochMs }): number =>
      Number(add.run(operator.name, operator.password, operator.at).lastInsertRowid),
    /** Gives another password (hashed) and ends all sessions that the old one opened. */
    setPassword: (id: number, password: string): void =>
      db.transaction(() => {
        renew.run(password, id)
        closeAll.run(id)
      })(),
    openSession: (hash: string, of: { operatorId: number; address: string; at: EpochMs }) =>
      void open.run(hash, of.operatorId, of.address, of.at, of.at),
    session: (hash: string): SessionRow | null => session.get(hash) ?? null,
    /** Sessions that were used since a moment, with where they were opened. */
    sessionsSince: (at: EpochMs): readonly KnownSession[] => since.all(at),
    touchSession: (hash: string, at: EpochMs) => void touch.run(at, hash),
    closeSession: (hash: string) => void close.run(hash),
    /** Forgets sessions not used since one moment, or opened before another. */
    forgetSessions: (usedBefore: EpochMs, openedBefore: EpochMs) => void forget.run(usedBefore, openedBefore),
  }
}
