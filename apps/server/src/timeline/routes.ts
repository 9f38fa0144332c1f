import {
  addressesQuery,
  addressesView,
  addressView,
  countriesView,
  overviewView,
  spanQuery,
  SUCCESS_DAYS,
  timelineQuery,
  timelineView,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Clock } from '@warder/daemon'
import * as z from 'zod'
import { targetOf } from '../bans/target.ts'
import type { AskHistory } from '../storage/reads.ts'
import type { Geo } from '../geo/geo.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { Roster } from '../link/roster.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import { cutOf, DAY_MS, HOUR_MS, inLastMinute, MINUTE_MS, spansOf, spanStart, startOfDay } from './buckets.ts'
import { mostOf } from './most.ts'

export interface TimelineParts {
  readonly clock: Clock
  readonly ask: AskHistory
  readonly geo: Geo
  readonly fleet: FleetNodes
  readonly roster: Roster
}

/** Most countries in one answer; there are fewer. */
const COUNTRIES = 300
/** How many of the largest addresses of each span are weighed, for each that is asked for. */
const WEIGHED = 4

/** GET /timeline, /overview, /addresses, /addresses/{ip} and /countries. */
export function timelineRoutes(app: App, { clock, ask, fleet, roster, geo }: TimelineParts): void {
  app.get(
    PATHS.timeline,
    {
      schema: {
        tags: ['overview'],
        summary: 'Failures and bans over time',
        description:
          'Counts per node in buckets of 5 minutes for up to 24 hours, of one hour above, larger ones with many nodes. Buckets in which nothing happened are left out.',
        querystring: timelineQuery,
        response: { 200: timelineView, ...ERROR_ANSWERS },
      },
    },
    async ({ query }) => {
      const cut = cutOf(query.hours, clock.now(), fleet.all().length)
      return { from: cut.from, to: cut.to, bucketMs: cut.bucketMs, buckets: await ask('buckets', cut) }
    },
  )

  app.get(
    PATHS.overview,
    {
      schema: {
        tags: ['overview'],
        summary: 'The numbers at the top of the overview',
        description:
          'Counted when asked: active bans, failures, nodes that are online, the newest match. Failures are taken from counts of whole minutes: of the minute in which the last 60 seconds began, the share that they have of it.',
        response: { 200: overviewView, ...ERROR_ANSWERS },
      },
    },
    async () => {
      const now = clock.now()
      const nodes = fleet.all()
      const since = (from: number) => ask('totals', from)
      const minuteOf = (ms: number): number => spanStart(now - ms, MINUTE_MS) + MINUTE_MS
      const minute = spanStart(now, MINUTE_MS)
      const [active, minutes, current, lastHour, lastDay, today, last] = await Promise.all([
        ask('banCounts', now),
        since(minute - MINUTE_MS),
        since(minute),
        since(minuteOf(HOUR_MS)),
        since(minuteOf(DAY_MS)),
        since(startOfDay(now)),
        ask('lastMatch'),
      ])
      return {
        activeBans: active.bans,
        bannedAddresses: active.addresses,
        failuresLastMinute: inLastMinute(now, {
          before: minutes.failures - current.failures,
          current: current.failures,
        }),
        failuresLastHour: lastHour.failures,
        failuresLastDay: lastDay.failures,
        bansToday: today.bans,
        nodesOnline: nodes.filter((node) => roster.onlineSince(node.id) !== null).length,
        nodes: nodes.length,
        lastMatchAt: last?.at ?? null,
        lastMatchNode: last?.node ?? null,
        lastMatchJail: last?.jail ?? null,
      }
    },
  )

  app.get(
    PATHS.addresses,
    {
      schema: {
        tags: ['overview'],
        summary: 'The addresses with the most failures',
        description:
          'By whole hours up to two days, by whole days (UTC) above. Numbers are exact; an address that was never among the largest of any hour or day may be left out.',
        querystring: addressesQuery,
        response: { 200: addressesView, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { hours, limit } }) => {
      const { span, starts } = spansOf(hours, clock.now())
      const largest = mostOf(await ask('largest', span, starts, limit * WEIGHED), limit * 2)
      const exact = await ask('ofAddresses', largest, span, starts)
      const rows = exact.toSorted((one, other) => other.failures - one.failures).slice(0, limit)
      return { from: starts[0] ?? 0, rows: rows.map((row) => ({ ...row, place: geo.of(row.ip) })) }
    },
  )

  app.get(
    pattern(PATHS.address(':ip')),
    {
      schema: {
        tags: ['overview'],
        summary: 'One address over time',
        description:
          'Its failures and bans on all nodes, by whole hours up to two days, by whole days (UTC) above. Spans in which nothing happened are left out. `successes`: logins from it, or from inside of the subnet, that went well in the last seven days.',
        params: z.strictObject({ ip: z.string().max(64) }),
        querystring: spanQuery,
        response: { 200: addressView, ...ERROR_ANSWERS },
      },
    },
    async ({ params, query: { hours } }) => {
      const ip = targetOf(params.ip)
      const { span, starts } = spansOf(hours, clock.now())
      const [spans, successes] = await Promise.all([
        ask('ofAddress', ip, span, starts),
        ask('successes', ip, clock.now() - SUCCESS_DAYS * DAY_MS),
      ])
      return { ip, place: geo.of(ip), successes, spanMs: span, spans }
    },
  )

  app.get(
    PATHS.countries,
    {
      schema: {
        tags: ['overview'],
        summary: 'Failures and bans by country',
        description:
          'The most first. `country` is a code of two letters, empty where it is not known: a server without `geo` in its configuration knows none.',
        querystring: spanQuery,
        response: { 200: countriesView, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { hours } }) => {
      const { span, starts } = spansOf(hours, clock.now())
      const from = starts[0] ?? 0
      return { from, rows: await ask('countries', span, from, COUNTRIES) }
    },
  )
}
