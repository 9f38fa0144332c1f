import { AppError } from '@warder/protocol'
import type { Failures } from './failures.ts'
import { Busy, isPassword } from './password.ts'
import type { OperatorRow, OperatorStore } from './store.ts'

/** Who wants to sign in, and from where. */
export interface Login {
  readonly name: string
  readonly password: string
  readonly address: string
}

export type SignIn = (login: Login) => Promise<OperatorRow>

/** Checks names and passwords. @throws AppError login.failed, rate.limited */
export function makeSignIn({
  operators,
  failures,
}: {
  operators: OperatorStore
  failures: Failures
}): SignIn {
  return async ({ name, password, address }) => {
    failures.mayTry('password', address)
    const operator = operators.byName(name.trim())
    let right: boolean
    try {
      right = await isPassword(password, operator?.password ?? null)
    } catch (err) {
      if (err instanceof Busy) throw new AppError('rate.limited', undefined, { cause: err })
      throw err
    }
    if (!operator || !right) throw await failures.failed({ code: 'login.failed', address, user: name })
    failures.succeeded('password', address)
    return operator
  }
}
