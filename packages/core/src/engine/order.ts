import type { EpochMs, Seconds } from '../time/epoch.ts'

/** An operator's request to ban or to lift now. Orders are idempotent; `id` comes back in the events they cause. */
export type Order =
  | {
      readonly kind: 'ban'
      readonly id: string
      readonly ip: string
      readonly jail: string
      /** Null: the jail's bantime. -1: without an end. */
      readonly bantime: Seconds | null
      readonly by: string
      readonly reason?: string
      /** After this moment the order is stale and is refused. */
      readonly expiresAt: EpochMs
    }
  | {
      readonly kind: 'lift'
      readonly id: string
      /** Null: every address. A subnet lifts all bans inside it. */
      readonly ip: string | null
      /** Null: every jail. */
      readonly jail: string | null
      readonly by: string
      readonly reason?: string
      /** Bans that were made after this moment are kept: a late lift must not undo a newer ban. */
      readonly issuedAt: EpochMs
    }
