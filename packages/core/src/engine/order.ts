import type { EpochMs, Seconds } from '../time/epoch.ts'

/** Most targets of one order: it has to fit into a frame of the link. */
export const ORDER_LIMIT = 10_000

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
  /** The same ban for many. */
  | {
      readonly kind: 'ban-many'
      readonly id: string
      readonly ips: readonly string[]
      readonly jail: string
      readonly bantime: Seconds | null
      readonly by: string
      readonly reason?: string
      readonly expiresAt: EpochMs
    }
  /** The same lift for many. */
  | {
      readonly kind: 'lift-many'
      readonly id: string
      readonly ips: readonly string[]
      readonly jail: string | null
      readonly by: string
      readonly reason?: string
      readonly issuedAt: EpochMs
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
