import type * as z from 'zod/mini'
import { down, type Down } from './down.ts'
import { up, type Up } from './up.ts'
import { FRAME_LIMIT_BYTES } from './version.ts'

/** What became of received bytes: a checked message, or the reason why not. */
export type Parsed<T> =
  { readonly ok: true; readonly message: T } | { readonly ok: false; readonly problem: string }

function parseFrame<T>(schema: z.ZodMiniType<T>, bytes: string): Parsed<T> {
  if (bytes.length > FRAME_LIMIT_BYTES) return { ok: false, problem: 'the frame is too large' }
  let value: unknown
  try {
    value = JSON.parse(bytes)
  } catch {
    return { ok: false, problem: 'the frame is not JSON' }
  }
  const checked = schema.safeParse(value)
  if (checked.success) return { ok: true, message: checked.data }
  const issue = checked.error.issues[0]
  return {
    ok: false,
    problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit the schema'}`,
  }
}

/** Bytes from an agent → its message. */
export const parseUp = (bytes: string): Parsed<Up> => parseFrame(up, bytes)

/** Bytes from the server → its message. */
export const parseDown = (bytes: string): Parsed<Down> => parseFrame(down, bytes)

/** A message → bytes. */
export const toFrame = (message: Up | Down): string => JSON.stringify(message)

/** What the agent signs in its hello. The server's key is inside, so that a proof cannot be relayed to another server. */
export const helloBytes = (p: {
  version: number
  serverNonce: string
  serverKey: string
  key: string
  nonce: string
}): string => ['warder-link-hello', p.version, p.serverNonce, p.serverKey, p.key, p.nonce].join('\n')

/** What the server signs in its welcome; `nonce` and `key` are the agent's. */
export const welcomeBytes = (p: { serverNonce: string; nonce: string; key: string }): string =>
  ['warder-link-welcome', p.serverNonce, p.nonce, p.key].join('\n')

/** What the server signs in its challenge over TLS; `exported`: the keying material of the connection, base64. */
export const channelBytes = (p: { serverNonce: string; exported: string }): string =>
  ['warder-link-channel', p.serverNonce, p.exported].join('\n')
