import type { EpochMs } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { AccountChange, AccountView, Role } from '@warder/protocol/api'
import type { Transaction } from '../storage/transaction.ts'
import type { TokenStore } from '../tokens/store.ts'
import { Busy, hashPassword, isPassword } from './password.ts'
import { digestOf, newSecret } from './secret.ts'
import type { Sessions } from './sessions.ts'
import type { OperatorRow, OperatorStore } from './store.ts'

/** For so long an invitation can be used (ms). */
export const INVITED_MS = 3 * 86_400_000
/** How every invitation begins, so that it is known when it turns up where it should not be. */
const PREFIX = 'inv_'

export interface AccountParts {
  readonly clock: Clock
  readonly transaction: Transaction
  readonly operators: OperatorStore
  readonly tokens: TokenStore
  readonly sessions: Sessions
}

/** An invitation, whose code is known at this moment only. */
export interface Invited {
  readonly operator: OperatorRow
  readonly code: string
  readonly expiresAt: EpochMs
}

export type Accounts = ReturnType<typeof makeAccounts>

/** An account as admins see it. */
export const accountViewOf = (row: OperatorRow): AccountView => ({
  id: row.id,
  name: row.name,
  role: row.role,
  realm: row.realm,
  state:
    row.disabledAt !== null ? 'disabled' : row.realm === null && row.password === '' ? 'invited' : 'active',
  totp: row.hasFactor === 1,
  createdAt: row.createdAt,
  signedInAt: row.signedInAt,
  invitedUntil: row.invitedUntil,
})

/** A new hash of a password. @throws AppError rate.limited */
export async function hashFor(password: string): Promise<string> {
  try {
    return await hashPassword(password)
  } catch (err) {
    if (err instanceof Busy) throw new AppError('rate.limited', undefined, { cause: err })
    throw err
  }
}

/** Makes a link for somebody in the place of their password. Also for the command line, beside a running server. */
export function invite(operators: OperatorStore, operator: OperatorRow, now: EpochMs): Invited {
  if (operator.realm !== null) throw new AppError('account.foreign')
  const code = `${PREFIX}${newSecret(24)}`
  const expiresAt = now + INVITED_MS
  operators.setPassword(operator.id, '')
  operators.invite(operator.id, digestOf(code), expiresAt)
  return { operator: { ...operator, password: '', invitedUntil: expiresAt }, code, expiresAt }
}

/** Accounts, as admins keep them. What takes something away from somebody ends their sessions. */
export function makeAccounts({ clock, transaction, operators, tokens, sessions }: AccountParts) {
  const known = (id: number): OperatorRow => {
    const operator = operators.byId(id)
    if (operator === null) throw new AppError('account.unknown')
    return operator
  }
  /** Nobody may be the last who can do everything, and stop being so. */
  const keepAnAdmin = (operator: OperatorRow): void => {
    const counts = operator.role === 'admin' && operator.realm === null && operator.disabledAt === null
    if (counts && operators.otherAdmins(operator.id) === 0) throw new AppError('account.last-admin')
  }
  /** Whose an invitation is; null when it cannot be used. */
  const whoseInvitation = (code: string): OperatorRow | null => {
    const operator = operators.byInvitation(digestOf(code))
    return operator !== null && (operator.invitedUntil ?? 0) > clock.now() ? operator : null
  }
  return {
    whoseInvitation,
    all: (): readonly OperatorRow[] => operators.all(),
    known,
    /** @throws AppError account.exists */
    create: (name: string, role: Role): Invited =>
      transaction(() => {
        if (operators.byName(name) !== null) throw new AppError('account.exists')
        const id = operators.add({ name, password: '', role, realm: null, at: clock.now() })
        return invite(operators, known(id), clock.now())
      }),
    /** A link in the place of the password, whose sessions end. @throws AppError account.unknown, account.foreign, account.last-admin */
    invite(id: number): Invited {
      const invited = transaction(() => {
        keepAnAdmin(known(id))
        return invite(operators, known(id), clock.now())
      })
      sessions.endAll(id)
      return invited
    },
    /** @throws AppError account.unknown, account.last-admin */
    change(id: number, { role, disabled }: AccountChange): OperatorRow {
      const before = known(id)
      const same =
        (role ?? before.role) === before.role &&
        (disabled ?? before.disabledAt !== null) === (before.disabledAt !== null)
      if (same) return before
      const after = transaction(() => {
        if ((role !== undefined && role !== 'admin') || disabled === true) keepAnAdmin(before)
        if (role !== undefined) operators.setRole(id, role)
        if (disabled !== undefined) {
          operators.setDisabled(id, disabled ? (before.disabledAt ?? clock.now()) : null)
        }
        return known(id)
      })
      sessions.endAll(id)
      return after
    },
    /** Their tokens stop too. @throws AppError account.unknown, account.last-admin */
    remove(id: number): void {
      transaction(() => {
        keepAnAdmin(known(id))
        sessions.endAll(id)
        tokens.revokeAll(id, clock.now())
        operators.remove(id)
      })
    },
    /** Somebody who was invited chooses a password; null when the invitation was used meanwhile. */
    async accept(code: string, password: string): Promise<OperatorRow | null> {
      const hash = await hashFor(password)
      return transaction(() => {
        const operator = whoseInvitation(code)
        if (operator !== null) operators.setPassword(operator.id, hash)
        return operator
      })
    },
    /** Whether that is the password of somebody. @throws AppError account.foreign, rate.limited */
    async isPasswordOf(id: number, password: string): Promise<boolean> {
      const operator = known(id)
      if (operator.realm !== null) throw new AppError('account.foreign')
      try {
        return await isPassword(password, operator.password)
      } catch (err) {
        if (err instanceof Busy) throw new AppError('rate.limited', undefined, { cause: err })
        throw err
      }
    },
    /** Ends all sessions but one. */
    async setPassword(id: number, password: string, keep: string): Promise<void> {
      operators.setPassword(id, await hashFor(password))
      sessions.endAll(id, keep)
    },
  }
}
