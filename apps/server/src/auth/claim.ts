import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { Role } from '@warder/protocol/api'
import type { Transaction } from '../storage/transaction.ts'
import { tidyClaimCode } from './claim-code.ts'
import type { Failures } from './failures.ts'
import { Busy, hashPassword, type Cost } from './password.ts'
import { sameText } from './secret.ts'
import type { OperatorRow, OperatorStore } from './store.ts'

/** Someone who has read the claim code, and wants to be the operator. */
export interface Claimant {
  readonly code: string
  readonly name: string
  readonly password: string
  readonly address: string
}

/** Somebody who is to be an operator. */
export interface Wanted {
  readonly name: string
  readonly password: string
  readonly role: Role
}

export interface ClaimParts {
  readonly clock: Clock
  readonly operators: OperatorStore
  readonly failures: Failures
  readonly transaction: Transaction
  readonly passwordCost: Cost
  /** The code of this start; null when the server had an operator already. */
  readonly code: string | null
  /** The server has its operator: the code is void. */
  onClaimed(): void
}

export type Claim = ReturnType<typeof makeClaim>

/** The first operator: whoever can read the terminal or the data folder of the server. */
export function makeClaim(parts: ClaimParts) {
  const { clock, operators, failures, transaction, code, onClaimed, passwordCost } = parts
  /** Writes an operator down, in one step with the check that there is none yet where that matters. */
  const add = async (who: Wanted, onlyFirst: boolean): Promise<OperatorRow> => {
    const hash = await hashPassword(who.password, passwordCost)
    const added = transaction(() => {
      if (onlyFirst && operators.count() > 0) throw new AppError('server.claimed')
      operators.add({ name: who.name, password: hash, role: who.role, realm: null, at: clock.now() })
      return operators.byName(who.name)
    })
    onClaimed()
    if (added === null) throw new Error('an operator was added and is not there')
    return added
  }
  return {
    /** @throws AppError server.claimed, claim.wrong, rate.limited */
    async redeem({ code: said, name, password, address }: Claimant): Promise<OperatorRow> {
      if (code === null || operators.count() > 0) throw new AppError('server.claimed')
      failures.mayTry('claim', { address })
      if (!sameText(tidyClaimCode(said), code)) {
        throw await failures.failed({ code: 'claim.wrong', address, user: '(claim)' })
      }
      failures.succeeded('claim', { address })
      try {
        return await add({ name, password, role: 'admin' }, true)
      } catch (err) {
        if (err instanceof Busy) throw new AppError('rate.limited', undefined, { cause: err })
        throw err
      }
    },
    /** Makes an operator without a code, for who starts the server in a process of their own. */
    createOperator: (who: Wanted): Promise<OperatorRow> => add(who, false),
  }
}
