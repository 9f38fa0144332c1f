import { bulkBody, bulkOrdered, bulkView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { Bulk } from './bulk.ts'

export interface BulkRouteParts {
  readonly bulk: Bulk
  readonly note: Note
}

/** Ten thousand of the longest addresses, written as JSON. */
const BODY_BYTES = 1_048_576
const SHOWN = 20
const params = z.strictObject({ id: z.string().max(64) })

/** /bulk-orders and what is below. */
export function bulkRoutes(app: App, { bulk, note }: BulkRouteParts): void {
  app.post(
    PATHS.bulkOrders,
    {
      bodyLimit: BODY_BYTES,
      schema: {
        tags: ['bans'],
        summary: 'Ban or unban many at once',
        description:
          'Up to 10000 addresses and subnets in one order, one transaction here and one of the firewall on each node. What comes twice is taken once; what is no address is told in `errors` and the rest is done. How far the nodes are is told by GET /bulk-orders/{id}.',
        body: bulkBody,
        response: { 200: bulkOrdered, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { body } = request
      const who = {
        by: requesterOf(request),
        address: addressOf(request),
        confirm: body.kind === 'ban' ? body.confirm : undefined,
      }
      const ordered = bulk.order(body, who)
      const { ips: _, ...wish } = body
      const { id, total } = ordered.order
      note(request, {
        action: `ban.${body.kind === 'ban' ? 'add' : 'lift'}-many`,
        target: id,
        after: { ...wish, total },
      })
      return ordered
    },
  )

  app.get(
    PATHS.bulkOrders,
    {
      schema: {
        tags: ['bans'],
        summary: 'The last orders for many',
        description: `The newest ${SHOWN}, and how far the nodes are with each.`,
        response: { 200: z.array(bulkView), ...ERROR_ANSWERS },
      },
    },
    async () => [...bulk.newest(SHOWN)],
  )

  app.get(
    pattern(PATHS.bulkOrder(':id')),
    {
      schema: {
        tags: ['bans'],
        summary: 'How far an order for many is',
        description:
          'By node: how many bans were made or lifted, what was refused and why, and whether it is finished.',
        params,
        response: { 200: bulkView, ...ERROR_ANSWERS },
      },
    },
    async (request) => bulk.known(request.params.id),
  )

  app.post(
    pattern(PATHS.undoBulkOrder(':id')),
    {
      schema: {
        tags: ['bans'],
        summary: 'Take an order to ban many back',
        description:
          'Lifts the bans of its addresses in its jail on its nodes, by an order of its own. Bans of them that other jails made stay.',
        params,
        response: { 200: bulkView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const order = bulk.undo(request.params.id, requesterOf(request))
      note(request, {
        action: 'ban.lift-many',
        target: order.id,
        after: { undoOf: order.undoOf, total: order.total },
      })
      return order
    },
  )
}
