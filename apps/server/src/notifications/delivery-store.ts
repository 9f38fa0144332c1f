import type { EpochMs } from '@warder/core'
import type { DeliveryView } from '@warder/protocol/api'
import type { Place } from '../http/cursor.ts'
import type { Notification } from './notification.ts'

/** A delivery that is to be made now. */
export interface DueDelivery {
  readonly id: number
  readonly channelId: number
  readonly notification: Notification
  /** How often it was tried. */
  readonly attempts: number
}

/** What became of a try: with `nextAt` it is tried again, without it is over. */
export interface Tried {
  readonly state: DeliveryView['state']
  readonly attempts: number
  readonly problem: string | null
  readonly nextAt: EpochMs | null
  readonly at: EpochMs
}

/** The log of deliveries, which is also the queue of those to come: it survives a restart. */
export interface DeliveryStore {
  add(to: { id: number; name: string }, notification: Notification, at: EpochMs): void
  /** What was tried outside of the queue: a test. */
  note(
    to: { id: number; name: string },
    notification: Notification,
    how: Pick<Tried, 'state' | 'problem' | 'at'>,
  ): void
  /** What is to be sent at a moment, the longest due first. */
  due(now: EpochMs, limit: number): readonly DueDelivery[]
  tried(id: number, tried: Tried): void
  waiting(channelId: number): number
  /** Gives the oldest ones that wait for a channel up. */
  dropOldest(channelId: number, count: number, of: { problem: string; at: EpochMs }): void
  last(channelId: number): { at: EpochMs; state: DeliveryView['state']; problem: string | null } | null
  /** Newest first, behind a place. */
  page(
    filter: { readonly channel?: number | undefined; readonly state?: string | undefined },
    after: Place | null,
    limit: number,
  ): DeliveryView[]
  /** Forgets what is finished and older than a moment, or behind so many newer ones. */
  forget(before: EpochMs, keep: number): void
}
