import type { EpochMs } from '@warder/core'
import type { ServerConfig } from '../config/schema.ts'
import { DAY_MS } from '../timeline/buckets.ts'

/** What history is kept of: lines that failed, everything else that nodes reported, bans that are over. */
export const GROUPS = ['failures', 'others', 'bans'] as const
export type Group = (typeof GROUPS)[number]

/** For how long, and how many. Null: no limit of that sort. */
export interface Keep {
  readonly days: number
  readonly rows: number | null
}

/** What is older than this is forgotten. `rankedAt`: when the newest row happened that is one too many. */
export const cutOffOf = (keep: Keep, now: EpochMs, rankedAt: EpochMs | null): EpochMs =>
  // The row itself goes too: several may have happened at that moment.
  Math.max(now - keep.days * DAY_MS, rankedAt === null ? 0 : rankedAt + 1)

/**
 * Whether history takes more room than it may, so that the oldest failures go before their time. It stops a tenth below the
 * limit, so that it does not begin again with the next failure.
 */
export function isTooLarge(
  used: number,
  { limit, underWay }: { readonly limit: number | null; readonly underWay: boolean },
): boolean {
  return limit !== null && used > (underWay ? limit * 0.9 : limit)
}

const MEGABYTE = 1_000_000

/** The configuration → what is kept of each group, and how much room all may take. */
export function limitsOf({ keep, keep_days }: Pick<ServerConfig, 'keep' | 'keep_days'>) {
  const of = (group: Group): Keep => ({
    days: keep[group]?.days ?? keep_days,
    rows: keep[group]?.rows ?? null,
  })
  return {
    keep: { failures: of('failures'), others: of('others'), bans: of('bans') },
    limitBytes: keep.megabytes === undefined ? null : keep.megabytes * MEGABYTE,
  }
}
