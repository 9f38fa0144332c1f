import { eventPage, eventsQuery } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { App } from '../http/app.ts'
import { fromCursor, toPage } from '../http/cursor.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import { ipOf, kindsOf } from './query.ts'
import type { EventStore } from './store.ts'

/** GET /events. */
export function eventRoutes(app: App, { events, fleet }: { events: EventStore; fleet: FleetNodes }): void {
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
      const rows = events.page(filter, fromCursor(query.cursor), query.limit + 1)
      return toPage(rows, query.limit, ({ at, seq }) => ({ at, id: seq }))
    },
  )
}
