import type { EpochMs } from '@warder/core'
import { AppError, type ErrorCode } from '@warder/protocol'
import type { Clock } from '@warder/daemon'
import { Throttle, whoOf } from '../http/throttle.ts'
import type { FailureLog } from './failure-log.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Failed tries of one address that are looked at in a minute; more are turned away unread. */
export const TRIES_PER_MINUTE = 10

/** Something that can be guessed. */
export type Guessable = 'password' | 'code' | 'foreign-code' | 'claim' | 'token'

/**
 * Failed tries about one account that are looked at, from wherever they come: how many, in how long (ms). Of codes
 * few, since there are only a million of them; of Proxmox's fewer, since it locks the second factor after eight.
 */
export const TRIES_PER_ACCOUNT = {
  password: [30, HOUR_MS],
  code: [5, HOUR_MS],
  'foreign-code': [4, 12 * HOUR_MS],
} as const satisfies Partial<Record<Guessable, readonly [number, number]>>

/** Who guesses, and about whose account. */
export interface Guesser {
  readonly address: string
  /** Tries about one account count together. */
  readonly account?: string
  /**
   * A browser in which that account signed in before: it is counted by itself, so that others who guess at the
   * account cannot keep its owner out.
   */
  readonly device?: string | null
}

export interface FailureParts {
  readonly clock: Clock
  readonly failureLog: FailureLog
  onFailed(failure: { readonly at: EpochMs; readonly address: string }): void
}

export type Failures = ReturnType<typeof makeFailures>

/**
 * Counts wrong guesses per address and per account, and writes them down for the `warder` jail. What is guessed is
 * counted apart, so that a script with an old token does not keep its operator from signing in.
 */
export function makeFailures(parts: FailureParts) {
  const perAddress = new Map<Guessable, Throttle>()
  const perAccount = new Map<Guessable, Throttle>()
  for (const what of ['password', 'code', 'foreign-code', 'claim', 'token'] as const)
    perAddress.set(what, new Throttle(TRIES_PER_MINUTE, MINUTE_MS))
  for (const [what, [limit, windowMs]] of Object.entries(TRIES_PER_ACCOUNT))
    perAccount.set(what as Guessable, new Throttle(limit, windowMs))

  const keyOf = (what: Guessable, { account = '', device = null }: Guesser): string =>
    device === null || what === 'foreign-code' ? `account ${account}` : `device ${device} ${account}`

  const accountThrottle = (what: Guessable, guesser: Guesser): Throttle | undefined =>
    guesser.account === undefined ? undefined : perAccount.get(what)

  return {
    /** To be called before a guess is looked at. @throws AppError rate.limited */
    mayTry(what: Guessable, guesser: Guesser): void {
      const now = parts.clock.now()
      if (perAddress.get(what)?.take(whoOf(guesser.address), now) === false)
        throw new AppError('rate.limited', 'Too many failed tries from your address.')
      if (accountThrottle(what, guesser)?.take(keyOf(what, guesser), now) === false)
        throw new AppError(
          'rate.limited',
          'Too many failed tries at this account. Sign in with a browser that you signed in with before, wait, or let an admin (or `warder-server invite`) make you a link.',
        )
    },
    /** The guess was right. */
    succeeded(what: Guessable, guesser: Guesser): void {
      perAddress.get(what)?.giveBack(whoOf(guesser.address))
      accountThrottle(what, guesser)?.giveBack(keyOf(what, guesser))
    },
    /** The guess was right, and settles what was wrong before at the account. */
    settled(what: Guessable, guesser: Guesser): void {
      perAddress.get(what)?.giveBack(whoOf(guesser.address))
      accountThrottle(what, guesser)?.clear(keyOf(what, guesser))
    },
    /** The guess was wrong: writes it down and answers the error to throw. */
    async failed(guess: { code: ErrorCode; address: string; user: string }): Promise<AppError> {
      const at = parts.clock.now()
      parts.onFailed({ at, address: guess.address })
      await parts.failureLog.note({ at, address: guess.address, user: guess.user })
      return new AppError(guess.code)
    },
  }
}
