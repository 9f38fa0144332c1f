import type { EpochMs } from '@warder/core'
import type { SilenceView } from '@warder/protocol/api'
import type { Notification } from './notification.ts'
import { ranked, type Tally } from './tally.ts'
import { writtenIn } from './zone.ts'

/** Somebody wants to hear nothing until a moment. */
export interface Silence {
  readonly from: EpochMs
  readonly until: EpochMs
  readonly by: string
  /** What is critical is told all the same. */
  readonly critical: boolean
}

/** The silence that holds at a moment. */
export const holding = (silence: Silence | null, now: EpochMs): Silence | null =>
  silence !== null && now < silence.until ? silence : null

/** Until when a silence holds a thing up; null: it does not. */
export function silentUntil(silence: Silence | null, now: EpochMs, critical: boolean): EpochMs | null {
  const held = holding(silence, now)
  return held === null || (critical && held.critical) ? null : held.until
}

/** Says in a notification that it comes late, and why. */
export function saidLate(notification: Notification, silence: Silence, zone: string): Notification {
  const [from, until] = [writtenIn(silence.from, zone), writtenIn(silence.until, zone)]
  const line = `Held back while ${silence.by} had silenced notifications, from ${from} to ${until} (${zone}).`
  return { ...notification, text: `${notification.text}\n${line}` }
}

/** What is collected, and whether a silence holds it up. */
interface Collected {
  readonly tally: Tally | null
  readonly silence?: Silence
}

/** What a silence holds back so far, by topic: a notice that two rules tell is two. */
export function heldBack(groups: Iterable<Collected>): SilenceView['held'] {
  const named: Record<string, number> = {}
  let others = 0
  for (const { tally, silence } of groups) {
    if (tally === null || silence === undefined) continue
    for (const [topic, count] of Object.entries(tally.topics.named))
      named[topic] = (named[topic] ?? 0) + count
    others += tally.topics.others
  }
  const held = ranked({ named, others }).map(([topic, count]) => ({ topic, count })) as SilenceView['held']
  return others === 0 ? held : [...held, { topic: 'other', count: others }]
}
