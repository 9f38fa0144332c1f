import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { Factors } from './factors.ts'
import type { Failures, Guesser } from './failures.ts'
import { Busy, hashPassword, isOutdated, isPassword, type Cost } from './password.ts'
import { digestOf } from './secret.ts'
import { DEVICE_MS } from './session-life.ts'
import type { SessionStore } from './session-store.ts'
import type { OperatorRow, OperatorStore } from './store.ts'

/** Who wants to sign in, and from where. */
export interface Login {
  readonly name: string
  readonly password: string
  /** Of the second factor. */
  readonly code?: string | undefined
  readonly address: string
  /** What the browser holds from an earlier time; null: nothing. */
  readonly device: string | null
}

export type SignIn = (login: Login) => Promise<OperatorRow>

export interface SignInParts {
  readonly clock: Clock
  readonly operators: OperatorStore
  readonly sessions: SessionStore
  readonly factors: Factors
  readonly failures: Failures
  /** Of hashes that are made from now on. */
  readonly passwordCost: Cost
}

/**
 * Checks names, passwords and codes of accounts of this server.
 * @throws AppError login.failed, login.code-needed, login.code-wrong, account.disabled, rate.limited
 */
export function makeSignIn(parts: SignInParts): SignIn {
  const { clock, operators, sessions, factors, failures, passwordCost } = parts
  const guesserOf = (login: Login, operator: OperatorRow | null): Guesser => {
    const hash = login.device === null ? null : digestOf(login.device)
    const since = clock.now() - DEVICE_MS
    const known = hash !== null && operator !== null && sessions.knowsDevice(hash, operator.id, since)
    return { address: login.address, account: login.name.trim(), device: known ? hash : null }
  }

  const checkCode = async (operator: OperatorRow, login: Login, guesser: Guesser): Promise<void> => {
    if (!factors.isOn(operator.id)) return
    if (login.code === undefined || login.code.trim() === '') throw new AppError('login.code-needed')
    failures.mayTry('code', guesser)
    if (!factors.isCode(operator.id, login.code))
      throw await failures.failed({ code: 'login.code-wrong', address: login.address, user: login.name })
    failures.settled('code', guesser)
  }

  /** A right password is known for a moment: a hash of less worth is replaced. It may have been changed meanwhile. */
  const renew = async ({ id, name, password }: OperatorRow, typed: string): Promise<void> => {
    if (!isOutdated(password, passwordCost)) return
    const hash = await hashPassword(typed, passwordCost).catch((err: unknown) => {
      if (err instanceof Busy) return null
      throw err
    })
    if (hash !== null && operators.byName(name)?.password === password) operators.renewHash(id, hash)
  }

  return async (login) => {
    const found = operators.byName(login.name.trim())
    const operator = found?.realm === null ? found : null
    const guesser = guesserOf(login, operator)
    failures.mayTry('password', guesser)
    let right: boolean
    try {
      right = await isPassword(login.password, operator?.password ?? null, passwordCost)
    } catch (err) {
      if (err instanceof Busy) throw new AppError('rate.limited', undefined, { cause: err })
      throw err
    }
    if (!operator || !right)
      throw await failures.failed({ code: 'login.failed', address: login.address, user: login.name })
    failures.succeeded('password', guesser)
    if (operator.disabledAt !== null) throw new AppError('account.disabled')
    await checkCode(operator, login, guesser)
    await renew(operator, login.password)
    return operator
  }
}
