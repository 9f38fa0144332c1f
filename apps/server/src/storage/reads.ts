import type { EventView } from '@warder/protocol/api'
import type { BanList } from '../bans/list-store.ts'
import type { BanStore } from '../bans/store.ts'
import type { EventFilter, EventStore } from '../events/store.ts'
import type { Term } from '../events/words.ts'
import type { Place } from '../http/cursor.ts'
import type { InsightStore } from '../insights/store.ts'
import type { SuccessStore } from '../successes/store.ts'
import type { CounterStore } from '../timeline/store.ts'

/** What may be read beside the writer, by name. Arguments and answers are plain, so that they can go to another thread. */
export interface Reads {
  readonly banPage: BanList['page']
  readonly banTotal: BanList['count']
  readonly banCounts: BanStore['counts']
  readonly bansRankedAt: BanStore['rankedAt']
  readonly eventPage: EventStore['page']
  /** At most `limit` events behind a place that hold all terms, those that came last first. */
  readonly eventSearch: (
    terms: readonly Term[],
    filter: EventFilter,
    after: Place | null,
    limit: number,
  ) => EventView[]
  readonly eventsRankedAt: EventStore['rankedAt']
  readonly buckets: CounterStore['buckets']
  readonly totals: CounterStore['totals']
  readonly countries: CounterStore['countries']
  readonly largest: CounterStore['largest']
  readonly ofAddress: CounterStore['ofAddress']
  readonly ofAddresses: CounterStore['ofAddresses']
  readonly hoursOf: CounterStore['hoursOf']
  readonly lastMatch: CounterStore['lastMatch']
  readonly topOf: InsightStore['top']
  readonly topUsers: InsightStore['topUsers']
  readonly totalIn: InsightStore['total']
  readonly successes: SuccessStore['seen']
  readonly successesOf: SuccessStore['seenOf']
}

export type ReadName = keyof Reads

/** Asks history something beside the writer. @throws AppError query.slow, query.busy */
export type AskHistory = <K extends ReadName>(
  name: K,
  ...args: Parameters<Reads[K]>
) => Promise<ReturnType<Reads[K]>>
