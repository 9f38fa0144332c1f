import type { EpochMs } from '@warder/core'
import type { RuleWish, Topic } from '@warder/protocol/api'
import type { Notice } from './notice.ts'
import { quietUntil } from './quiet.ts'
import { silentUntil, type Silence } from './silence.ts'
import { withNotice, type Tally } from './tally.ts'
import { minutesOf, nextAt, nextHour } from './zone.ts'

/** What is collected for a channel by a rule. It exists while a storm lasts, or until a digest is due. */
export interface Group {
  /** What happened since the last notification; null: nothing. */
  readonly tally: Tally | null
  /** When it is told, or when the storm is over if nothing came. */
  readonly dueAt: EpochMs
  /** How many notifications there were in this storm. */
  readonly step: number
  /** The silence that holds it up. */
  readonly silence?: Silence
}

/** What becomes of a group, and what is told now; null: nothing. */
export interface Decision {
  readonly group: Group | null
  readonly send: Tally | null
  /** Whether what is sent goes on from what was sent before. */
  readonly more: boolean
}

const MINUTE = 60_000
/**
 * How long is collected after each notification (ms), the last one again and again. A ban is a shot of an attack that
 * goes on by itself; other troubles wait for an operator, who should soon know how far they reach.
 */
const ATTACK: readonly number[] = [15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE)
const TROUBLE: readonly number[] = [2, 5, 15, 60, 240].map((minutes) => minutes * MINUTE)
const EACH: readonly number[] = [MINUTE]

/** What is collected together: one sort of thing, or all for a digest. */
export const familyOf = ({ pace }: Pick<RuleWish, 'pace'>, topic: Topic): string =>
  pace === 'hourly' || pace === 'daily' ? 'digest' : topic

function spanAfter(rule: RuleWish, tally: Tally, step: number): number {
  const attack = 'ban' in tally.topics.named || 'sign-in-failed' in tally.topics.named
  const spans = rule.pace === 'each' ? EACH : attack ? ATTACK : TROUBLE
  return spans[Math.min(step, spans.length) - 1] ?? MINUTE
}

const digestAt = (rule: RuleWish, now: EpochMs): EpochMs | null => {
  if (rule.pace === 'hourly') return nextHour(now, rule.zone)
  return rule.pace === 'daily' ? nextAt(minutesOf(rule.dailyAt), now, rule.zone) : null
}

/** When it is, and the silence that somebody wants. */
export interface Moment {
  readonly now: EpochMs
  readonly silence: Silence | null
}

/** What a group that is held up becomes: by a silence, else by quiet hours. What is critical may pass. Null: nothing does. */
function heldUp(
  rule: RuleWish,
  group: Pick<Group, 'tally' | 'step'>,
  { now, silence }: Moment,
): Decision | null {
  const { tally, step } = group
  const critical = tally?.severity === 'critical'
  const silent = silentUntil(silence, now, critical)
  const kept = (dueAt: EpochMs, held: Silence | null): Decision => ({
    group: { tally, dueAt, step, ...(held === null ? {} : { silence: held }) },
    send: null,
    more: false,
  })
  if (silent !== null) return kept(silent, silence)
  const quiet = critical && rule.quiet?.critical === true ? null : quietUntil(rule, now)
  return quiet === null ? null : kept(quiet, null)
}

/** A notice comes in: the first of a storm is told at once, the others are collected. */
export function taken(rule: RuleWish, group: Group | null, notice: Notice, moment: Moment): Decision {
  const { now } = moment
  const tally = withNotice(group?.tally ?? null, notice)
  if (group !== null) return { group: { ...group, tally }, send: null, more: false }
  const digest = digestAt(rule, now)
  if (digest !== null) return { group: { tally, dueAt: digest, step: 0 }, send: null, more: false }
  return (
    heldUp(rule, { tally, step: 0 }, moment) ?? {
      group: { tally: null, dueAt: now + spanAfter(rule, tally, 1), step: 1 },
      send: tally,
      more: false,
    }
  )
}

/** The time of a group has come: what was collected is told; when nothing was, the storm is over. */
export function due(rule: RuleWish, group: Group, moment: Moment): Decision {
  const { now } = moment
  const { tally, step } = group
  if (tally === null) return { group: null, send: null, more: false }
  const held = heldUp(rule, group, moment)
  if (held !== null) return held
  if (digestAt(rule, now) !== null) return { group: null, send: tally, more: false }
  return {
    group: { tally: null, dueAt: now + spanAfter(rule, tally, step + 1), step: step + 1 },
    send: tally,
    more: step > 0,
  }
}
