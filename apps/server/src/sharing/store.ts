import type { EpochMs, Ticket } from '@warder/core'
import type { OwnBan } from './decide.ts'
import type { Lift } from './lifted.ts'

/** A ban that every node of a cluster is to enforce. */
export interface ShareRow {
  readonly seq: number
  readonly id: string
  /** Empty: the nodes without one. */
  readonly cluster: string
  readonly jail: string
  readonly ip: string
  readonly at: EpochMs
  readonly until: EpochMs | null
  readonly body: ShareBody
}

/** What travels along, and to whom not. */
export interface ShareBody {
  /** Names of the nodes that saw what it is for. */
  readonly nodes: readonly string[]
  /** Nodes that made the ban by themselves: they are not told. */
  readonly own: readonly number[]
  readonly policy: string
  readonly ticket?: Ticket
}

/** Shares, and lifts that meant every node. */
export interface ShareStore {
  /** The share of a target, in force or over. */
  find(cluster: string, jail: string, ip: string): ShareRow | null
  /** At most so many shares that are in force in a cluster, those that last longest first. */
  inForce(cluster: string, now: EpochMs, most: number): readonly ShareRow[]
  /** All that are in force. */
  everywhere(now: EpochMs): readonly ShareRow[]
  count(cluster: string, now: EpochMs): number
  /** Puts a share in the place of the one that was there. */
  put(share: Omit<ShareRow, 'seq'>): void
  remove(share: Pick<ShareRow, 'cluster' | 'jail' | 'ip'>): void
  /** Bans of a target that nodes of a cluster made by themselves, that nobody lifted and that ended after a moment. */
  own(cluster: string, jail: string, ip: string, after: EpochMs): readonly OwnBan[]
  addLift(lift: Lift): void
  lifts(): readonly Lift[]
  /** Forgets shares that are over, and lifts from before a moment. */
  forget(before: EpochMs, liftsBefore: EpochMs): void
}
