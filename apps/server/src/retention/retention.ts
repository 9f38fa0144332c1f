import type { EpochMs } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import { SUCCESS_DAYS } from '@warder/protocol/api'
import { DEVICE_MS, IDLE_MS } from '../auth/session-life.ts'
import type { AskHistory } from '../storage/reads.ts'
import type { Upkeep } from '../storage/storage.ts'
import type { Stores } from '../storage/stores.ts'
import { DAY_MS, HOUR_MS, NODE_SPAN_MS, SPANS, type Span } from '../timeline/buckets.ts'
import { cutOffOf, GROUPS, isTooLarge, type Group, type Keep } from './limits.ts'

/** How often old rows are looked for (ms). */
const EVERY_MS = HOUR_MS
/** Rows forgotten, and bytes given back, in one step: nobody waits long for it. */
const STEP = 500
const STEP_BYTES = 1_048_576
/** Free room that is kept for what comes next (bytes). */
const SPARE_BYTES = 16 * STEP_BYTES
/** Counters per minute and five minutes are shown for a day only; those per hour at least as long as a timeline can show. */
const MINUTES_KEPT_MS = 3 * DAY_MS
const HOURS_KEPT_MS = 32 * DAY_MS
/** A ban whose end was not reported for so long is closed: its node is gone. */
const UNREPORTED_MS = 7 * DAY_MS

export interface RetentionParts {
  readonly clock: Clock
  readonly log: Logger
  readonly keep: Readonly<Record<Group, Keep>>
  /** Most bytes that history may take; null: no limit. */
  readonly limitBytes: number | null
  readonly stores: Stores
  readonly upkeep: Upkeep
  readonly ask: AskHistory
}

/** One turn of the event loop, in which everybody else goes on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Forgets what is older, or more, than history keeps: now and every hour, in small steps. Dispose to stop. */
export function startRetention({ clock, log, keep, limitBytes, ...parts }: RetentionParts): Disposable {
  const { stores, upkeep, ask } = parts
  const { bans, counters, events } = stores
  const longest = Math.max(...GROUPS.map((group) => keep[group].days)) * DAY_MS
  let stopped = false
  let underWay = false
  let again = false

  const forgetSmall = (now: EpochMs): void => {
    bans.endOld(now - UNREPORTED_MS)
    stores.orders.forget(now - DAY_MS)
    stores.sessions.forget(now - IDLE_MS, now)
    stores.sessions.forgetDevices(now - DEVICE_MS)
    stores.enrolment.forgetCodes(now - DAY_MS)
    stores.entries.forget(now)
    stores.bulk.forget(now - longest)
    for (const span of [...SPANS, NODE_SPAN_MS] as const) counters.forget(span, now - keptOf(span))
  }

  const keptOf = (span: Span): number => (span < HOUR_MS ? MINUTES_KEPT_MS : Math.max(HOURS_KEPT_MS, longest))

  /** Repeats a step until it says that it did nothing, or the server stops. */
  const repeat = async (step: () => number): Promise<void> => {
    while (!stopped && step() > 0) await turn()
  }

  const forgetOf = (group: Group, before: EpochMs): number =>
    group === 'bans' ? bans.forget(before, STEP) : events.forget(group, before, STEP)

  /** When the newest row of a group happened that is one too many. */
  const rankedAt = async (group: Group): Promise<EpochMs | null> => {
    const { rows } = keep[group]
    if (rows === null) return null
    return group === 'bans' ? ask('bansRankedAt', rows) : ask('eventsRankedAt', group, rows)
  }

  const used = (): number => {
    const { total, free } = upkeep.room()
    return total - free
  }

  /** Takes the oldest failures away, day after day, until history has room again. */
  const shrink = async (now: EpochMs): Promise<void> => {
    let tooLarge = isTooLarge(used(), { limit: limitBytes, underWay: false })
    if (tooLarge)
      log.warn({ bytes: used(), limitBytes }, 'history takes more room than it may: the oldest failures go')
    for (let days = keep.failures.days; tooLarge && days > 0 && !stopped; days -= Math.max(days / 20, 0.05)) {
      await repeat(() => forgetOf('failures', now - days * DAY_MS))
      tooLarge = isTooLarge(used(), { limit: limitBytes, underWay: true })
    }
  }

  const work = async (): Promise<void> => {
    const now = clock.now()
    stores.transaction(() => forgetSmall(now))
    for (const group of GROUPS) {
      const before = cutOffOf(keep[group], now, await rankedAt(group))
      await repeat(() => forgetOf(group, before))
    }
    for (const span of [HOUR_MS, DAY_MS] as const) {
      const kept = span === HOUR_MS ? MINUTES_KEPT_MS : longest
      await repeat(() => counters.forgetAddresses(span, now - kept, STEP))
    }
    const successesKept = Math.max(SUCCESS_DAYS, keep.others.days) * DAY_MS
    await repeat(() => stores.successes.forget(now - successesKept, STEP))
    await shrink(now)
    await repeat(() => (upkeep.room().free > SPARE_BYTES ? upkeep.giveBack(STEP_BYTES) : 0))
  }

  const run = (): void => {
    again = underWay
    if (underWay || stopped) return
    underWay = true
    void work()
      .catch((err: unknown) => {
        if (!stopped) log.error({ err }, 'old history could not be removed')
      })
      .finally(() => {
        underWay = false
        if (again) run()
      })
  }

  const timer = clock.every(EVERY_MS, run)
  setImmediate(run)
  return {
    [Symbol.dispose]() {
      stopped = true
      timer[Symbol.dispose]()
    },
  }
}
