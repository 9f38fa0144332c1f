import type { Db } from './open.ts'
import type { Vault } from '../notifications/vault.ts'
import type { FactorRow, FactorStore } from '../auth/factor-store.ts'

/** Second factors, their keys sealed, and the hashes of recovery codes. */
export function factorStore(db: Db, vault: Vault): FactorStore {
  const get = db.prepare<[number], { totp: string | null; wanted: string | null; lastStep: number | null }>(
    'SELECT totp, totp_wanted AS wanted, totp_step AS lastStep FROM operators WHERE id = ?',
  )
  const want = db.prepare<[string, number]>('UPDATE operators SET totp_wanted = ? WHERE id = ?')
  const confirm = db.prepare<[number, number]>(
    'UPDATE operators SET totp = totp_wanted, totp_wanted = NULL, totp_step = ? WHERE id = ?',
  )
  const use = db.prepare<[number, number, number]>(
    'UPDATE operators SET totp_step = ? WHERE id = ? AND (totp_step IS NULL OR totp_step < ?)',
  )
  const remove = db.prepare<[number]>(
    'UPDATE operators SET totp = NULL, totp_wanted = NULL, totp_step = NULL WHERE id = ?',
  )
  const addCode = db.prepare<[number, string]>(
    'INSERT OR IGNORE INTO recovery_codes (operator_id, hash) VALUES (?, ?)',
  )
  const useCode = db.prepare<[number, string]>(
    'DELETE FROM recovery_codes WHERE operator_id = ? AND hash = ?',
  )
  const countCodes = db.prepare<[number], { n: number }>(
    'SELECT COUNT(*) AS n FROM recovery_codes WHERE operator_id = ?',
  )
  const clearCodes = db.prepare<[number]>('DELETE FROM recovery_codes WHERE operator_id = ?')
  const NO_KEY = Buffer.alloc(0)
  const open = (sealed: string): Buffer | null => {
    const text = vault.open(sealed)
    return text === null ? null : Buffer.from(text, 'base64')
  }
  return {
    of(operatorId: number): FactorRow {
      const row = get.get(operatorId)
      if (row === undefined || row.totp === null) return { state: 'none', key: NO_KEY, lastStep: null }
      const key = open(row.totp)
      return { state: key === null ? 'lost' : 'on', key: key ?? NO_KEY, lastStep: row.lastStep }
    },
    wanted(operatorId: number): Buffer | null {
      const sealed = get.get(operatorId)?.wanted ?? null
      return sealed === null ? null : open(sealed)
    },
    want: (operatorId: number, key: Buffer) => void want.run(vault.seal(key.toString('base64')), operatorId),
    confirm: (operatorId: number, step: number) => void confirm.run(step, operatorId),
    use: (operatorId: number, step: number): boolean => use.run(step, operatorId, step).changes === 1,
    remove(operatorId: number): void {
      remove.run(operatorId)
      clearCodes.run(operatorId)
    },
    setCodes(operatorId: number, hashes: readonly string[]): void {
      clearCodes.run(operatorId)
      for (const hash of hashes) addCode.run(operatorId, hash)
    },
    useCode: (operatorId: number, hash: string): boolean => useCode.run(operatorId, hash).changes === 1,
    codesLeft: (operatorId: number): number => countCodes.get(operatorId)?.n ?? 0,
  }
}
