import type { EpochMs } from '@warder/core'
import { AppError, type ErrorCode } from '@warder/protocol'
import type { Clock } from '@warder/daemon'
import { Throttle, whoOf } from '../http/throttle.ts'
import type { FailureLog } from './failure-log.ts'

/** Failed tries of one address that are looked at in a minute; more are turned away unread. */
export const TRIES_PER_MINUTE = 10

/** Something that can be guessed. */
export type Guessable = 'password' | 'claim' | 'token'

export interface FailureParts {
  readonly clock: Clock
  readonly failureLog: FailureLog
  onFailed(failure: { readonly at: EpochMs; readonly address: string }): void
}

export type Failures = ReturnType<typeof makeFailures>

/**
 * Counts wrong guesses per address and writes them down for the `warder` jail. What is guessed is counted
 * apart, so that a script with an old token does not keep its operator from signing in.
 */
export function makeFailures(parts: FailureParts) {
  const throttles: Readonly<Record<Guessable, Throttle>> = {
    password: new Throttle(TRIES_PER_MINUTE, 60_000),
    claim: new Throttle(TRIES_PER_MINUTE, 60_000),
    token: new Throttle(TRIES_PER_MINUTE, 60_000),
  }
  return {
    /** To be called before a guess is looked at. @throws AppError rate.limited */
    mayTry(what: Guessable, address: string): void {
      if (throttles[what].take(whoOf(address), parts.clock.now())) return
      throw new AppError('rate.limited', 'Too many failed tries from your address.')
    },
    /** The guess was right. */
    succeeded: (what: Guessable, address: string): void => throttles[what].giveBack(whoOf(address)),
    /** The guess was wrong: writes it down and answers the error to throw. */
    async failed(guess: { code: ErrorCode; address: string; user: string }): Promise<AppError> {
      const at = parts.clock.now()
      parts.onFailed({ at, address: guess.address })
      await parts.failureLog.note({ at, address: guess.address, user: guess.user })
      return new AppError(guess.code)
    },
  }
}
