import type { Ban, EpochMs } from '@warder/core'

/** How a ban ended, when it has. */
export interface Ending {
  readonly at: EpochMs
  readonly how: 'expired' | 'lifted'
  readonly by: string | null
}

/** A ban in history. */
export interface BanRow {
  readonly id: number
  readonly node: string
  readonly ban: Ban
  readonly ending: Ending | null
}

/** Where a ban is: one node, one jail, one target. */
export interface BanPlace {
  readonly nodeId: number
  readonly jail: string
  readonly ip: string
}

/** An active ban, as far as orders need it. */
export interface ActiveBan extends BanPlace {
  readonly id: number
  /** When its node made it, or last made it anew. */
  readonly madeAt: EpochMs
  readonly until: EpochMs
}

/** Bans, one row for each from its beginning to its end. */
export interface BanStore {
  /** The ban that is in force at a place, as far as events said. */
  openAt(place: BanPlace): number | null
  add(nodeId: number, ban: Ban): void
  /** A ban goes on, with a new end or new evidence. */
  renew(id: number, ban: Ban): void
  end(id: number, ending: Ending): void
  /** Ends all bans of a node that left the fleet. */
  endAllOf(nodeId: number, at: EpochMs, by: string): void
  /** How many bans are active on a node, by jail. */
  activeByJail(nodeId: number, now: EpochMs): ReadonlyMap<string, number>
  /** The active bans of a target and, for a subnet, of all inside it. */
  activeInside(target: string, now: EpochMs): readonly ActiveBan[]
  /** All active bans that nodes made by themselves. */
  detected(now: EpochMs): Iterable<BanRow>
  counts(now: EpochMs): { bans: number; addresses: number }
  /** Ends bans whose time was over long ago without their node saying so. */
  endOld(before: EpochMs): void
  /** Forgets at most `limit` bans that ended before a moment; answers how many. */
  forget(before: EpochMs, limit: number): number
  /** When the newest ended ban ended that has `rows` newer ones; null: there are not so many. Walks over all of them. */
  rankedAt(rows: number): EpochMs | null
}
