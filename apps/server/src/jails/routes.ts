import { jailsQuery, jailsView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import { byName } from '../nodes/views.ts'
import type { JailViews } from './views.ts'

/** GET /jails. */
export function jailRoutes(app: App, { views, fleet }: { views: JailViews; fleet: FleetNodes }): void {
  app.get(
    PATHS.jails,
    {
      schema: {
        tags: ['jails'],
        summary: 'List the jails of every node',
        description:
          'By node and jail: what the node’s own files say (`configured`), what the newest revision wants (`wanted`) with the layer that each value comes from, and what the node said it runs (`effective`).',
        querystring: jailsQuery,
        response: { 200: jailsView, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { node, jail } }) => {
      const nodes = node === undefined ? fleet.all() : [fleet.known(node)]
      return nodes
        .toSorted(byName)
        .flatMap((row) => views.ofNode(row))
        .filter((view) => jail === undefined || view.jail === jail)
    },
  )
}
