import type { EpochMs } from '@warder/core'
import type { Role } from '@warder/protocol/api'
import type { Db } from './open.ts'
import type { Realm, OperatorRow, NewOperator, OperatorStore } from '../auth/store.ts'

const COLUMNS = `operators.id, name, password, role, realm, disabled_at AS disabledAt, created_at AS createdAt,
  signed_in_at AS signedInAt, totp IS NOT NULL AS hasFactor, invitations.expires_at AS invitedUntil
  FROM operators LEFT JOIN invitations ON invitations.operator_id = operators.id`

/** The accounts of people. */
export function operatorStore(db: Db): OperatorStore {
  const count = db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM operators')
  // Proxmox may be away when it is needed most: who only it knows does not count.
  const admins = db.prepare<[number], { n: number }>(
    `SELECT COUNT(*) AS n FROM operators WHERE role = 'admin' AND disabled_at IS NULL AND realm IS NULL
     AND password <> '' AND id <> ?`,
  )
  const all = db.prepare<[], OperatorRow>(`SELECT ${COLUMNS} ORDER BY name COLLATE NOCASE, operators.id`)
  const byName = db.prepare<[string], OperatorRow>(`SELECT ${COLUMNS} WHERE name = ?`)
  const byId = db.prepare<[number], OperatorRow>(`SELECT ${COLUMNS} WHERE operators.id = ?`)
  const byInvitation = db.prepare<[string], OperatorRow>(`SELECT ${COLUMNS} WHERE invitations.hash = ?`)
  const add = db.prepare<[string, string, Role, Realm, EpochMs]>(
    'INSERT INTO operators (name, password, role, realm, created_at) VALUES (?, ?, ?, ?, ?)',
  )
  const setPassword = db.prepare<[string, number]>('UPDATE operators SET password = ? WHERE id = ?')
  const setRole = db.prepare<[Role, number]>('UPDATE operators SET role = ? WHERE id = ?')
  const setDisabled = db.prepare<[EpochMs | null, number]>(
    'UPDATE operators SET disabled_at = ? WHERE id = ?',
  )
  const signedIn = db.prepare<[EpochMs, number]>('UPDATE operators SET signed_in_at = ? WHERE id = ?')
  const invite = db.prepare<[number, string, EpochMs]>(
    'INSERT OR REPLACE INTO invitations (operator_id, hash, expires_at) VALUES (?, ?, ?)',
  )
  const uninvite = db.prepare<[number]>('DELETE FROM invitations WHERE operator_id = ?')
  const remove = db.prepare<[number]>('DELETE FROM operators WHERE id = ?')
  return {
    count: (): number => count.get()?.n ?? 0,
    otherAdmins: (than: number): number => admins.get(than)?.n ?? 0,
    all: (): OperatorRow[] => all.all(),
    byName: (name: string): OperatorRow | null => byName.get(name) ?? null,
    byId: (id: number): OperatorRow | null => byId.get(id) ?? null,
    byInvitation: (hash: string): OperatorRow | null => byInvitation.get(hash) ?? null,
    add: ({ name, password, role, realm, at }: NewOperator): number =>
      Number(add.run(name, password, role, realm, at).lastInsertRowid),
    setPassword(id: number, password: string): void {
      setPassword.run(password, id)
      uninvite.run(id)
    },
    renewHash: (id: number, hash: string) => void setPassword.run(hash, id),
    setRole: (id: number, role: Role) => void setRole.run(role, id),
    setDisabled: (id: number, at: EpochMs | null) => void setDisabled.run(at, id),
    signedIn: (id: number, at: EpochMs) => void signedIn.run(at, id),
    invite: (id: number, hash: string, expiresAt: EpochMs) => void invite.run(id, hash, expiresAt),
    remove: (id: number) => void remove.run(id),
  }
}
