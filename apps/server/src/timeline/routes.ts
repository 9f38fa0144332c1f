import { overviewView, timelineQuery, timelineView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Clock } from '@warder/daemon'
import type { BanStore } from '../bans/store.ts'
import type { EventStore } from '../events/store.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { Roster } from '../link/roster.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import { cutOf, DAY_MS, HOUR_MS, MINUTE_MS, spanStart, startOfDay } from './buckets.ts'
import type { CounterStore } from './store.ts'

export interface TimelineParts {
  readonly clock: Clock
  readonly bans: BanStore
  readonly events: EventStore
  readonly counters: CounterStore
  readonly fleet: FleetNodes
  readonly roster: Roster
}

/** GET /timeline and /overview. */
export function timelineRoutes(
  app: App,
  { clock, bans, events, counters, fleet, roster }: TimelineParts,
): void {
  app.get(
    PATHS.timeline,
    {
      schema: {
        tags: ['overview'],
        summary: 'Failures and bans over time',
        description:
          'Counts per node in buckets of 5 minutes for up to 24 hours, of one hour above. Buckets in which nothing happened are left out.',
        querystring: timelineQuery,
        response: { 200: timelineView, ...ERROR_ANSWERS },
      },
    },
    async ({ query }) => {
      const cut = cutOf(query.hours, clock.now())
      return { from: cut.from, to: cut.to, bucketMs: cut.bucketMs, buckets: counters.buckets(cut) }
    },
  )

  app.get(
    PATHS.overview,
    {
      schema: {
        tags: ['overview'],
        summary: 'The numbers at the top of the overview',
        description: 'Counted when asked: active bans, failures, nodes that are online, the newest match.',
        response: { 200: overviewView, ...ERROR_ANSWERS },
      },
    },
    async () => {
      const now = clock.now()
      const active = bans.counts(now)
      const nodes = fleet.all()
      const last = counters.lastMatch()
      const since = (ms: number) => counters.totals(MINUTE_MS, spanStart(now - ms, MINUTE_MS) + MINUTE_MS)
      return {
        activeBans: active.bans,
        bannedAddresses: active.addresses,
        failuresLastMinute: events.countSince('failure.found', now - MINUTE_MS),
        failuresLastHour: since(HOUR_MS).failures,
        failuresLastDay: since(DAY_MS).failures,
        bansToday: counters.totals(MINUTE_MS, startOfDay(now)).bans,
        nodesOnline: nodes.filter((node) => roster.onlineSince(node.id) !== null).length,
        nodes: nodes.length,
        lastMatchAt: last?.at ?? null,
        lastMatchNode: last?.node ?? null,
        lastMatchJail: last?.jail ?? null,
      }
    },
  )
}
