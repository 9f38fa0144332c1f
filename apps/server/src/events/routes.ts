import { eventPage, eventsQuery } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { AskHistory } from '../storage/reads.ts'
import type { App } from '../http/app.ts'
import { fromCursor, toPage } from '../http/cursor.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import { ipOf, kindsOf } from './query.ts'
import { queryTermsOf } from './words.ts'

/** GET /events. */
export function eventRoutes(app: App, { ask, fleet }: { ask: AskHistory; fleet: FleetNodes }): void {
  app.get(
    PATHS.events,
    {
      schema: {
        tags: ['events'],
        summary: 'List events',
        description: 'Everything that nodes reported, newest first, in pages. Filters are joined by "and".',
        querystring: eventsQuery,
        response: { 200: eventPage, ...ERROR_ANSWERS },
      },
    },
    async ({ query }) => {
      const filter = {
        nodeId: query.node === undefined ? null : fleet.everKnown(query.node).id,
        jail: query.jail ?? null,
        ip: ipOf(query.ip),
        kinds: kindsOf(query.kind),
      }
      const after = fromCursor(query.cursor)
      const limit = query.limit + 1
      const terms = queryTermsOf(query.q)
      const rows =
        terms === undefined
          ? await ask('eventPage', filter, after, limit)
          : await ask('eventSearch', terms, filter, after, limit)
      return toPage(rows, query.limit, ({ at, seq }) => ({ at, id: seq }))
    },
  )
}
