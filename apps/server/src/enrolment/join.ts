import type { EpochMs } from '@warder/core'
import { formatJoin } from '@warder/protocol'
import { digestOf, newSecret } from '../auth/secret.ts'
import type { EnrolmentStore } from './store.ts'

/** A join text with its end. */
export interface NewJoin {
  readonly join: string
  readonly expiresAt: EpochMs
}

/** Makes a join text that one agent can use within `minutes`; only its hash is kept. */
export function makeJoin(
  parts: { enrolment: EnrolmentStore; fingerprint: string },
  minutes: number,
  now: EpochMs,
): NewJoin {
  const code = newSecret(24)
  const expiresAt = now + minutes * 60_000
  parts.enrolment.addCode(digestOf(code), { createdAt: now, expiresAt })
  return { join: formatJoin({ code, fingerprint: parts.fingerprint }), expiresAt }
}
