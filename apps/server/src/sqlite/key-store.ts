import type { EpochMs } from '@warder/core'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { Vault } from '../notifications/vault.ts'
import type { KeptAnswer, KeptCall, KeyStore } from '../idempotency/key-store.ts'

/** Calls with a key, and what they were answered. */
export function keyStore(db: Db, vault: Vault): KeyStore {
  type Stored = { at: EpochMs; fingerprint: string; answer: string | null }
  const get = db.prepare<[string, string], Stored>(
    'SELECT at, fingerprint, answer FROM idempotency_keys WHERE actor = ? AND key = ?',
  )
  const begin = db.prepare<[string, string, EpochMs, string]>(
    'INSERT OR REPLACE INTO idempotency_keys (actor, key, at, fingerprint, answer) VALUES (?, ?, ?, ?, NULL)',
  )
  const finish = db.prepare<[string, string, string]>(
    'UPDATE idempotency_keys SET answer = ? WHERE actor = ? AND key = ?',
  )
  const drop = db.prepare<[string, string]>('DELETE FROM idempotency_keys WHERE actor = ? AND key = ?')
  const forget = db.prepare<[EpochMs]>('DELETE FROM idempotency_keys WHERE at < ?')
  return {
    get(actor: string, key: string): KeptCall | null {
      const row = get.get(actor, key)
      if (!row) return null
      const opened = row.answer === null ? null : vault.open(row.answer)
      return { ...row, answer: opened === null ? null : fromText<KeptAnswer>(opened) }
    },
    begin: (actor: string, key: string, { at, fingerprint }: Omit<KeptCall, 'answer'>) =>
      void begin.run(actor, key, at, fingerprint),
    finish: (actor: string, key: string, answer: KeptAnswer) =>
      void finish.run(vault.seal(toText(answer)), actor, key),
    drop: (actor: string, key: string) => void drop.run(actor, key),
    forget: (before: EpochMs) => void forget.run(before),
  }
}
