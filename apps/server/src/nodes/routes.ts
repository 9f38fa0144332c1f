import { nodesView, nodeView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS, NOTHING, pattern } from '../http/route.ts'
import type { FleetNodes } from './fleet.ts'
import type { Removal } from './removal.ts'
import { byName, type NodeViews } from './views.ts'

export interface NodeParts {
  readonly fleet: FleetNodes
  readonly views: NodeViews
  readonly remove: Removal
  readonly note: Note
}

const params = z.strictObject({ node: z.string().max(80) })

/** GET /nodes, GET and DELETE /nodes/{node}. */
export function nodeRoutes(app: App, { fleet, views, remove, note }: NodeParts): void {
  app.get(
    PATHS.nodes,
    {
      schema: {
        tags: ['nodes'],
        summary: 'List nodes',
        description:
          'All nodes of the fleet by name, with their state, their last report and how they stand to the newest revision.',
        response: { 200: nodesView, ...ERROR_ANSWERS },
      },
    },
    async () => fleet.all().toSorted(byName).map(views.of),
  )

  app.get(
    pattern(PATHS.node(':node')),
    {
      schema: {
        tags: ['nodes'],
        summary: 'One node',
        description: 'The same as in the list.',
        params,
        response: { 200: nodeView, ...ERROR_ANSWERS },
      },
    },
    async ({ params: { node } }) => views.of(fleet.known(node)),
  )

  app.delete(
    pattern(PATHS.node(':node')),
    {
      schema: {
        tags: ['nodes'],
        summary: 'Remove a node',
        description:
          'Its key is not accepted any more and its link is closed. Its history stays. The agent goes on protecting the node by itself until it is stopped there.',
        params,
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const node = fleet.known(request.params.node)
      remove(node, requesterOf(request))
      note(request, {
        action: 'node.remove',
        target: node.name,
        before: { name: node.name, cluster: node.cluster, enrolledAt: node.enrolledAt },
      })
      return reply.code(204).send(null)
    },
  )
}
