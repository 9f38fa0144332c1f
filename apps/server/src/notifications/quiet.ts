import type { EpochMs } from '@warder/core'
import type { RuleWish } from '@warder/protocol/api'
import { minuteOfDay, minutesOf, nextAt } from './zone.ts'

/** When quiet hours that a moment falls into are over; null outside of them. */
export function quietUntil({ quiet, zone }: Pick<RuleWish, 'quiet' | 'zone'>, at: EpochMs): EpochMs | null {
  if (quiet === null) return null
  const [from, to, now] = [minutesOf(quiet.from), minutesOf(quiet.to), minuteOfDay(at, zone)]
  const inside = from < to ? now >= from && now < to : now >= from || now < to
  return inside ? nextAt(to, at, zone) : null
}
