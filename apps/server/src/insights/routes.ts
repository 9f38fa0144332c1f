import { AppError } from '@warder/protocol'
import { insightsQuery, insightsView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Clock } from '@warder/daemon'
import type { AskHistory } from '../storage/reads.ts'
import type { Geo } from '../geo/geo.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import { DAY_MS } from '../timeline/buckets.ts'
import { mostOf } from '../timeline/most.ts'
import { cutOfRange } from './cut.ts'
import { networksOf } from './networks.ts'

export interface InsightParts {
  readonly clock: Clock
  readonly ask: AskHistory
  readonly geo: Geo
}

/** The longest range, in days. */
const LONGEST_DAYS = 366
/** How many of the largest addresses are weighed: for the table, and for their networks. */
const ADDRESSES = 500
/** How many failures are looked through for the users that were tried. */
const FAILURES = 50_000

/** GET /insights. */
export function insightRoutes(app: App, { clock, ask, geo }: InsightParts): void {
  app.get(
    PATHS.insights,
    {
      schema: {
        tags: ['overview'],
        summary: 'What stands out in a range of time',
        description: `The nodes, jails, countries, networks, addresses and users with the most failures. At most ${LONGEST_DAYS} days. Nodes and jails are exact for the range of the answer, addresses and countries for the one that is called wide; networks are those of the ${ADDRESSES} largest addresses, users those of the last ${FAILURES} failures.`,
        querystring: insightsQuery,
        response: { 200: insightsView, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { from, to, limit } }) => {
      if (to <= from || to - from > LONGEST_DAYS * DAY_MS)
        throw new AppError('input.invalid', `to: behind from, by ${LONGEST_DAYS} days at most.`)
      const { counters, wide } = cutOfRange(from, to, clock.now())
      const { span, starts } = wide
      const [nodes, jails, countries, users, [total], largest] = await Promise.all([
        ask('topOf', 'nodes', counters, limit),
        ask('topOf', 'jails', counters, limit),
        ask('topOf', 'countries', { span, from: wide.from, to: wide.to }, limit),
        ask('topUsers', counters, FAILURES, limit),
        ask('totalIn', counters),
        ask('largest', span, starts, ADDRESSES),
      ])
      const exact = (await ask('ofAddresses', mostOf(largest, ADDRESSES), span, starts))
        .map((row) => ({ ...row, place: geo.of(row.ip) }))
        .toSorted((one, other) => other.failures - one.failures)
      return {
        from: counters.from,
        to: counters.to,
        failures: total?.failures ?? 0,
        bans: total?.bans ?? 0,
        nodes,
        jails,
        wide: { from: wide.from, to: wide.to },
        countries,
        addresses: exact.slice(0, limit),
        networks: { rows: [...networksOf(exact, limit)], of: exact.length },
        users: { rows: users, of: Math.min(FAILURES, total?.failures ?? 0) },
      }
    },
  )
}
