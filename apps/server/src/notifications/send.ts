import type { Clock } from '@warder/daemon'
import type { ChannelWish } from '@warder/protocol/api'
import type { Egress } from '../egress/egress.ts'
import { EgressError } from '../egress/error.ts'
import type { Resolve } from '../egress/resolve.ts'
import { outcomeOf } from './channel/answer.ts'
import type { Call, Occasion } from './channel/call.ts'
import { callOf, channelOf, lacking } from './channel/kinds.ts'
import { sendMail } from './channel/mail.ts'
import type { ChannelRow } from './channel-store.ts'
import type { Outcome } from './retry.ts'

/** How long one try may take (ms), and how much of an answer is read. */
const TIMEOUT_MS = 15_000
const ANSWER_BYTES = 65_536

export interface SendParts {
  readonly clock: Clock
  readonly egress: Egress
  readonly resolve: Resolve
}

/** Sends on a channel, once. Never throws. */
export type Send = (
  channel: ChannelRow,
  occasion: Omit<Occasion, 'now'>,
  signal: AbortSignal,
) => Promise<Outcome>

const incomplete = (row: ChannelRow): Outcome => ({
  ok: false,
  final: true,
  message:
    row.secrets === null
      ? `The secrets of "${row.name}" cannot be read: the key that sealed them is gone.`
      : `"${row.name}" is not complete.`,
  remedy: 'Edit the channel and enter them again.',
})

export function makeSend({ clock, egress, resolve }: SendParts): Send {
  const call = async (kind: Exclude<ChannelWish['kind'], 'email'>, made: Call, signal: AbortSignal) => {
    const answer = await egress({ ...made, limitBytes: ANSWER_BYTES, timeoutMs: TIMEOUT_MS }, signal)
    return outcomeOf(kind, new URL(made.url).hostname, { ...answer, body: answer.body.toString('utf8') })
  }
  return async (row, about, signal) => {
    const { kind, settings, secrets } = row
    const channel = secrets === null ? null : channelOf(kind, settings, secrets)
    if (secrets === null || channel === null || lacking(kind, secrets).length > 0) return incomplete(row)
    const occasion = { ...about, now: clock.now() }
    if (channel.kind === 'email') return sendMail(channel, occasion, { resolve, timeoutMs: TIMEOUT_MS })
    try {
      return await call(channel.kind, callOf(channel, occasion), signal)
    } catch (err) {
      if (!(err instanceof EgressError)) throw err
      const { message, remedy, code } = err
      return { ok: false, final: FINAL.includes(code), message, remedy }
    }
  }
}

/** What another try does not change. */
const FINAL: readonly EgressError['code'][] = ['url-invalid', 'host-refused', 'redirected', 'too-large']
