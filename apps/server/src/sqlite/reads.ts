import type { Reads } from '../storage/reads.ts'
import { banList } from './ban-list.ts'
import { banStore } from './ban-store.ts'
import { counterStore } from './counter-store.ts'
import { eventStore } from './event-store.ts'
import { insightStore } from './insight-store.ts'
import type { Db } from './open.ts'
import { successStore } from './success-store.ts'
import { wordStore } from './word-store.ts'

/** What may be read beside the writer, on a connection of its own. */
export function openReads(db: Db): Reads {
  const [bans, list, events, counters, successes, words, insights] = [
    banStore(db),
    banList(db),
    eventStore(db),
    counterStore(db),
    successStore(db),
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
    successes: successes.seen,
    successesOf: successes.seenOf,
  }
}
