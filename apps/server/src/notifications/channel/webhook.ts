import type { WebhookCall } from '@warder/protocol/api'
import { createHmac } from 'node:crypto'
import { json, type Call, type Means, type Occasion } from './call.ts'

/** The header that proves who sent a call: `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hexadecimal>`. */
export const SIGNATURE = 'x-warder-signature'

type Webhook = Means<unknown, { readonly url: string; readonly secret?: string | undefined }>

export function webhookCall({ secrets }: Webhook, { notification, id, now }: Occasion): Call {
  const { topic, severity, title, text, count, from, until, nodes, jails, addresses } = notification
  const facts: WebhookCall = {
    version: 1,
    id,
    at: now,
    severity,
    topic,
    title,
    text,
    count,
    from,
    until,
    nodes: [...nodes],
    jails: [...jails],
    addresses: [...addresses],
  }
  const call = json(facts)
  if (secrets.secret === undefined) return { method: 'POST', url: secrets.url, ...call }
  const seconds = Math.floor(now / 1000)
  const hash = createHmac('sha256', secrets.secret).update(`${seconds}.${call.body}`).digest('hex')
  const headers = { ...call.headers, [SIGNATURE]: `t=${seconds},v1=${hash}` }
  return { method: 'POST', url: secrets.url, headers, body: call.body }
}
