import type { Ban, EpochMs, SharedBan } from '@warder/core'
import type { Share } from '@warder/protocol'

/** Clocks of a cluster differ by less; by more one of them is wrong, and only the time that is left can be trusted. */
const CLOCKS_DIFFER_MS = 30_000

/** When a message was sent by the server's clock, and when it came by ours. */
export interface Times {
  readonly sentAt: EpochMs
  readonly now: EpochMs
}

/** A share as it is to be enforced here, its times by this node's clock. */
export function toSharedBan(
  { id, ip, jail, at, until, nodes, policy, ticket }: Share,
  times: Times,
): SharedBan {
  const apart = times.now - times.sentAt
  const shift = Math.abs(apart) < CLOCKS_DIFFER_MS ? 0 : apart
  return {
    ip,
    at: at + shift,
    until: until === null ? null : until + shift,
    from: { share: id, nodes, jail, policy },
    ...(ticket === undefined ? {} : { ticket }),
  }
}

/** Those of the shares that were not dealt with yet, or have another end now. */
export const freshShares = (
  shares: readonly Share[],
  endOf: (id: string) => EpochMs | null | undefined,
): readonly Share[] => shares.filter(({ id, until }) => endOf(id) !== until)

/** Shares that bans here are for and that are in force no longer. */
export const endedShares = (bans: readonly Ban[], inForce: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(bans.flatMap(({ from }) => (from === undefined || inForce.has(from.share) ? [] : [from.share])))
