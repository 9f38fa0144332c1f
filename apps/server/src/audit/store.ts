import type { EpochMs } from '@warder/core'
import type { AuditView } from '@warder/protocol/api'
import type { Place } from '../http/cursor.ts'

/** Something that somebody changed. `before` and `after` never hold a secret. */
export interface Deed {
  readonly at: EpochMs
  readonly actor: string
  readonly address: string
  /** Noun and verb: `ban.add`, `settings.change`. */
  readonly action: string
  readonly target: string
  readonly before?: unknown
  readonly after?: unknown
}

/** Who changed what; only ever appended to. */
export interface AuditStore {
  add(deed: Deed): void
  /** Addresses from which somebody signed in since a moment. */
  signedInSince(at: EpochMs): ReadonlySet<string>
  /** Newest first, behind a place; numbers grow with time. */
  page(after: Place | null, limit: number): AuditView[]
}
