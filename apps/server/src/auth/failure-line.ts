import type { EpochMs } from '@warder/core'

/** A login that failed: from where, and the name that was tried, which is the attacker's text. */
export interface LoginFailure {
  readonly at: EpochMs
  readonly address: string
  readonly user: string
}

const USER_LIMIT = 64

/** Text in quotes in which nothing can end the quotes, the line, or steer a terminal. */
const quoted = (text: string): string =>
  JSON.stringify(text.slice(0, USER_LIMIT)).replace(
    /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The message that the `warder` jail looks for, without a date: `authentication failure; rhost=… user="…"`. */
export const failureMessage = ({ address, user }: LoginFailure): string =>
  `authentication failure; rhost=${address} user=${quoted(user)}`

/** The line in the auth log. */
export const failureLine = (failure: LoginFailure, pid: number): string =>
  `${new Date(failure.at).toISOString()} warder-server[${pid}]: ${failureMessage(failure)}\n`
