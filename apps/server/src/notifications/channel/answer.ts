import type { ChannelKind } from '@warder/protocol/api'
import { plain } from '../notice.ts'
import type { Outcome } from '../retry.ts'

/** An answer to a call. */
export interface CallAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const WHERE: Readonly<
  Record<Exclude<ChannelKind, 'email'>, { readonly key: string; readonly place: string }>
> = {
  webhook: { key: 'the address', place: 'the address' },
  ntfy: { key: 'the access token, and that it may write to the topic', place: 'the server and the topic' },
  gotify: { key: 'the application token (not a client token)', place: 'the server' },
  telegram: { key: 'the bot token', place: 'the bot token' },
  discord: { key: 'the webhook address', place: 'the webhook address: it may have been removed in Discord' },
  slack: { key: 'the webhook address', place: 'the webhook address: it may have been revoked in Slack' },
  matrix: { key: 'the access token', place: 'the homeserver, and that the account has joined the room' },
}

/** What the other side says of itself in one of the fields that these services use; never the raw body. */
function saidBy(kind: ChannelKind, body: string): string {
  if (kind === 'webhook') return ''
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== 'object' || answer === null) return ''
    for (const field of ['description', 'errorDescription', 'message', 'error']) {
      const value: unknown = Reflect.get(answer, field)
      if (typeof value === 'string' && value !== '') return plain(value, 160)
    }
    return ''
  } catch {
    return kind === 'slack' && /^[a-z_]{1,60}$/.test(body) ? body.replaceAll('_', ' ') : ''
  }
}

/** `Retry-After` in seconds, or what Telegram and Discord and Matrix say in their bodies → ms. */
function waitOf({ headers, body }: CallAnswer): number | undefined {
  const header = Number(headers['retry-after'])
  if (Number.isFinite(header) && header > 0) return header * 1000
  const found = /"retry_after(_ms)?"\s*:\s*([\d.]{1,12})/.exec(body)
  if (found === null) return undefined
  return Number(found[2]) * (found[1] === undefined ? 1000 : 1)
}

/** An answer → whether it was delivered, and else what went wrong in words. */
export function outcomeOf(kind: Exclude<ChannelKind, 'email'>, host: string, answer: CallAnswer): Outcome {
  const { status } = answer
  if (status >= 200 && status < 300) return { ok: true }
  const said = saidBy(kind, answer.body)
  const quote = said === '' ? '' : `: “${said.replace(/[.]$/, '')}”`
  const failed = (message: string, remedy: string, final: boolean): Outcome => {
    const waitMs = waitOf(answer)
    const more = waitMs === undefined ? {} : { waitMs }
    return { ok: false, final, message: `${host} ${message} (${status})${quote}.`, remedy, ...more }
  }
  const { key, place } = WHERE[kind]
  if (status === 429) return failed('asks for fewer messages', 'It is tried again later.', false)
  if (status === 401 || status === 403) return failed('does not let Warder in', `Check ${key}.`, true)
  if (status === 404 || status === 405 || status === 410)
    return failed('knows no such place', `Check ${place}.`, true)
  if (status >= 500 || status === 408 || status === 425)
    return failed('has trouble of its own', 'It is tried again later; if it stays so, look there.', false)
  return failed('did not take the message', `Check ${place}.`, true)
}
