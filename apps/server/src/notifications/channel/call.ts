import type { EpochMs } from '@warder/core'
import type { Severity } from '@warder/protocol/api'
import type { Notification } from '../notification.ts'

/** An HTTP request that tells somebody something. */
export interface Call {
  readonly method: 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a call is made from beside the channel. */
export interface Occasion {
  readonly notification: Notification
  /** The same for every try of one delivery. */
  readonly id: string
  readonly now: EpochMs
}

/** Settings and secrets of one channel, as its kind has them. */
export interface Means<S, T> {
  readonly settings: S
  readonly secrets: T
}

export const json = (body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** At most so many characters, with a mark where it was cut. */
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text

/** Title and text as one. */
export const whole = ({ title, text }: Notification): string => (text === '' ? title : `${title}\n${text}`)

export const bySeverity = <T>(severity: Severity, values: Readonly<Record<Severity, T>>): T =>
  values[severity]
