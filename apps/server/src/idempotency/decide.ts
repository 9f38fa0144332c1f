import type { EpochMs } from '@warder/core'
import { createHash } from 'node:crypto'
import type { KeptAnswer, KeptCall } from './key-store.ts'

/** So long an answer is kept. */
export const KEPT_MS = 86_400_000
/** A call that is worked on for longer was broken off with the server. */
const WORKED_ON_MS = 120_000

/** What a key may look like. */
export const KEY = /^[\x21-\x7e]{1,200}$/

/** What becomes of a call with a key. */
export type Decision =
  | { readonly kind: 'work' }
  | { readonly kind: 'replay'; readonly answer: KeptAnswer }
  | { readonly kind: 'other' }
  | { readonly kind: 'wait' }

/** Of a call: the same for the same call. */
export const fingerprintOf = (method: string, url: string, body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest('base64url')

/** A call with a key that is known as `kept` → whether to work, to answer as before, or to refuse it. */
export function decide(kept: KeptCall | null, fingerprint: string, now: EpochMs): Decision {
  if (kept === null || kept.at < now - KEPT_MS) return { kind: 'work' }
  if (kept.fingerprint !== fingerprint) return { kind: 'other' }
  if (kept.answer !== null) return { kind: 'replay', answer: kept.answer }
  return kept.at < now - WORKED_ON_MS ? { kind: 'work' } : { kind: 'wait' }
}
