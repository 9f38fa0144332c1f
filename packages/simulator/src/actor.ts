import type { EpochMs } from '@warder/core'
import type { Attempt, Outcome, ServiceName, WorldLine } from './attempt.ts'
import type { Random } from './random.ts'

/** A stretch of time: from `from`, up to and without `until`. */
export interface Slot {
  readonly from: EpochMs
  readonly until: EpochMs
}

/** The longest that a run which began in a slot may go on, lines included. */
export const RUN_LIMIT_MS = 3_600_000

/** Somebody or something that acts by itself. What it does in a slot depends on the slot and the chance alone. */
export interface Actor {
  readonly id: string
  /** Attempts that begin in the slot, and those that follow from them within RUN_LIMIT_MS. */
  attempts?(slot: Slot, random: Random): readonly Attempt[]
  /** Lines that no attempt causes. */
  lines?(slot: Slot, random: Random): readonly WorldLine[]
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** How much of the day has gone, in hours [0, 24) UTC. */
export const hourOf = (at: EpochMs): number => (at % DAY_MS) / HOUR_MS

/** Monday to Friday, UTC: the first day of 1970 was a Thursday. */
export const isWeekday = (at: EpochMs): boolean => (Math.floor(at / DAY_MS) + 3) % 7 < 5

/** Moments in a slot at which something begins that happens `perDay` times on an average day. */
export function begins(slot: Slot, perDay: number, random: Random): readonly EpochMs[] {
  const span = slot.until - slot.from
  return Array.from({ length: random.poisson((perDay * span) / DAY_MS) }, () =>
    Math.floor(slot.from + random.next() * span),
  )
}

/** What of an attempt is decided by the one who makes it. */
export interface Try {
  readonly at: EpochMs
  readonly node: string
  readonly service: ServiceName
  readonly ip: string
  readonly user: string
  readonly outcome: Outcome
}

/** Fills in what the machines decide: the client's port and the process that serves it. */
export const attempt = (tried: Try, random: Random): Attempt => ({
  ...tried,
  at: Math.round(tried.at),
  port: random.between(32_768, 60_999),
  pid: random.between(1_000, 4_000_000),
})
