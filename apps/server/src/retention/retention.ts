import type { Clock, Logger } from '@warder/daemon'
import { DEVICE_MS, IDLE_MS } from '../auth/session-life.ts'
import type { SessionStore } from '../auth/session-store.ts'
import type { BulkStore } from '../bans/bulk-store.ts'
import type { OrderStore } from '../bans/order-store.ts'
import type { BanStore } from '../bans/store.ts'
import type { EnrolmentStore } from '../enrolment/store.ts'
import type { EntryStore } from '../lists/entry-store.ts'
import type { EventStore } from '../events/store.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../timeline/buckets.ts'
import type { CounterStore } from '../timeline/store.ts'

/** How often old rows are looked for (ms). */
const EVERY_MS = HOUR_MS
/** Rows forgotten in one step, so that nobody waits long. */
const STEP = 2_000
/** Counters per minute are shown for a day only. */
const MINUTES_KEPT_MS = 3 * DAY_MS
/** Counters per hour are kept at least as long as a timeline can show. */
const HOURS_KEPT_MS = 32 * DAY_MS
/** A ban whose end was not reported for so long is closed: its node is gone. */
const UNREPORTED_MS = 7 * DAY_MS

export interface RetentionParts {
  readonly clock: Clock
  readonly log: Logger
  readonly keepDays: number
  readonly events: EventStore
  readonly bans: BanStore
  readonly orders: OrderStore
  readonly counters: CounterStore
  readonly sessions: SessionStore
  readonly enrolment: EnrolmentStore
  readonly entries: EntryStore
  readonly bulk: BulkStore
}

/** Forgets what is older than history is kept: now and every hour, in small steps. Dispose to stop. */
export function startRetention(parts: RetentionParts): Disposable {
  const { clock, log, events, bans, orders, counters, sessions, enrolment, entries, bulk } = parts
  let stopped = false
  let underWay = false

  const forgetSmall = (now: number): void => {
    bans.endOld(now - UNREPORTED_MS)
    orders.forget(now - DAY_MS)
    counters.forget(MINUTE_MS, now - MINUTES_KEPT_MS)
    counters.forget(HOUR_MS, now - Math.max(HOURS_KEPT_MS, parts.keepDays * DAY_MS))
    sessions.forget(now - IDLE_MS, now)
    sessions.forgetDevices(now - DEVICE_MS)
    enrolment.forgetCodes(now - DAY_MS)
    entries.forget(now)
    bulk.forget(now - parts.keepDays * DAY_MS)
  }

  const step = (before: number): void => {
    if (stopped) return
    try {
      if (events.forget(before, STEP) + bans.forget(before, STEP) > 0) return void setImmediate(step, before)
    } catch (err) {
      log.error({ err }, 'old history could not be removed')
    }
    underWay = false
  }

  const run = (): void => {
    if (underWay || stopped) return
    const now = clock.now()
    try {
      forgetSmall(now)
    } catch (err) {
      log.error({ err }, 'old history could not be removed')
      return
    }
    underWay = true
    step(now - parts.keepDays * DAY_MS)
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
