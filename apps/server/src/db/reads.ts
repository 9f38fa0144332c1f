import { banList } from '../bans/list-store.ts'
import { banStore } from '../bans/store.ts'
import { eventStore } from '../events/store.ts'
import { insightStore } from '../insights/insight-store.ts'
import { counterStore } from '../timeline/store.ts'
import type { Db } from './open.ts'
import { wordStore } from './word-store.ts'

/** What may be read beside the writer, by name. Arguments and answers are plain, so that they can go to another thread. */
export function openReads(db: Db) {
  const [bans, list, events, counters, words, insights] = [
    banStore(db),
    banList(db),
    eventStore(db),
    counterStore(db),
    wordStore(db),
    insightStore(db),
  ]
  return {
    banPage: list.page,
    banTotal: list.count,
    banCounts: bans.counts,
    bansRankedAt: bans.rankedAt,
    eventPage: events.page,
    eventSearch: words.search,
    eventsRankedAt: events.rankedAt,
    countEvents: events.countSince,
    buckets: counters.buckets,
    totals: counters.totals,
    countries: counters.countries,
    largest: counters.largest,
    ofAddress: counters.ofAddress,
    ofAddresses: counters.ofAddresses,
    hoursOf: counters.hoursOf,
    lastMatch: counters.lastMatch,
    topOf: insights.top,
    topUsers: insights.topUsers,
    totalIn: insights.total,
  } as const
}

export type Reads = ReturnType<typeof openReads>
export type ReadName = keyof Reads

/** Asks history something beside the writer. @throws AppError query.slow, query.busy */
export type AskHistory = <K extends ReadName>(
  name: K,
  ...args: Parameters<Reads[K]>
) => Promise<ReturnType<Reads[K]>>
