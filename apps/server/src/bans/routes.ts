import type { Enforcement } from '@warder/core'
import {
  banBody,
  bannedView,
  banPage,
  bansQuery,
  orderedView,
  SUCCESS_DAYS,
  unbanBody,
  unbanQuery,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Clock } from '@warder/daemon'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { queryTermsOf } from '../events/words.ts'
import { fromCursor, toPage } from '../http/cursor.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { Geo } from '../geo/geo.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { AskHistory } from '../storage/reads.ts'
import { DAY_MS } from '../timeline/buckets.ts'
import type { OrderRequests } from './order-request.ts'
import { targetOf } from './target.ts'
import { banViewOf } from './view.ts'

export interface BanParts {
  readonly clock: Clock
  readonly ask: AskHistory
  readonly geo: Geo
  readonly requests: OrderRequests
  readonly fleet: FleetNodes
  /** What a node's firewall last said of its bans; null where it may not be so any more. */
  readonly enforcementOf: (node: string) => Enforcement | null
  readonly note: Note
}

const ORDERED = { 200: orderedView, ...ERROR_ANSWERS }
const EVERYWHERE =
  'Without `node` and `jail` it is lifted everywhere, on all nodes and in all jails; a subnet lifts all bans inside it.'

/** GET and POST /bans, DELETE /bans/{ip}, POST /unban. */
export function banRoutes(
  app: App,
  { clock, ask, geo, requests, fleet, enforcementOf, note }: BanParts,
): void {
  app.get(
    PATHS.bans,
    {
      schema: {
        tags: ['bans'],
        summary: 'List bans',
        description:
          'Newest first. `ip` finds an address and the subnets that contain it, or all inside a subnet. The first page also says how many there are in all, unless `search` or `q` is used.',
        querystring: bansQuery,
        response: { 200: banPage, ...ERROR_ANSWERS },
      },
    },
    async ({ query }) => {
      const now = clock.now()
      const filter = {
        target: query.ip === undefined ? null : targetOf(query.ip),
        search: query.search?.trim() || null,
        terms: queryTermsOf(query.q),
        nodeId: query.node === undefined ? null : fleet.everKnown(query.node).id,
        jail: query.jail ?? null,
        active: query.active ?? null,
        now,
      }
      const rows = await ask('banPage', filter, fromCursor(query.cursor), query.limit + 1)
      const { rows: shown, next } = toPage(rows, query.limit, ({ id, ban }) => ({ at: ban.at, id }))
      const counted = query.cursor === undefined && filter.search === null && filter.terms === undefined
      return {
        rows: shown.map((row) => ({
          ...banViewOf(row, now, enforcementOf(row.node)),
          place: geo.of(row.ban.ip),
        })),
        next,
        ...(counted ? { total: next === null ? shown.length : await ask('banTotal', filter) } : {}),
      }
    },
  )

  app.post(
    PATHS.bans,
    {
      schema: {
        tags: ['bans'],
        summary: 'Ban an address or a subnet',
        description:
          'Sent to nodes that are online now; a node that is not hears of it if it is back within five minutes. Nodes refuse addresses on their never-ban lists. The answer says whether anybody logged in from there lately.',
        body: banBody,
        response: { 200: bannedView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const by = requesterOf(request)
      const ordered = requests.ban(request.body, {
        by,
        address: addressOf(request),
        confirm: request.body.confirm,
      })
      note(request, { action: 'ban.add', target: ordered.ips.join(' '), after: request.body })
      const [ip = ''] = ordered.ips
      const since = clock.now() - SUCCESS_DAYS * DAY_MS
      return { ...ordered, successes: await ask('successes', ip, since) }
    },
  )

  app.delete(
    pattern(PATHS.ban(':ip')),
    {
      schema: {
        tags: ['bans'],
        summary: 'Unban an address or a subnet',
        description: `${EVERYWHERE} Nodes that are offline lift it when they are back.`,
        params: z.strictObject({ ip: z.string().max(64) }),
        querystring: unbanQuery,
        response: ORDERED,
      },
    },
    async (request) => {
      const ordered = requests.unban({ ips: [request.params.ip], ...request.query }, requesterOf(request))
      note(request, {
        action: 'ban.lift',
        target: ordered.ips.join(' '),
        after: { ...request.query, bans: ordered.bans },
      })
      return ordered
    },
  )

  app.post(
    PATHS.unban,
    {
      schema: {
        tags: ['bans'],
        summary: 'Unban many at once',
        description: `Up to 1000 addresses and subnets in one call. ${EVERYWHERE}`,
        body: unbanBody,
        response: ORDERED,
      },
    },
    async (request) => {
      const { ips, ...where } = request.body
      const ordered = requests.unban({ ips, ...where }, requesterOf(request))
      note(request, {
        action: 'ban.lift',
        target: titleOf(ordered.ips),
        after: { ...where, ips: ordered.ips, bans: ordered.bans },
      })
      return ordered
    },
  )
}

const titleOf = (ips: readonly string[]): string =>
  ips.length <= 3 ? ips.join(' ') : `${ips.slice(0, 3).join(' ')} and ${ips.length - 3} more`
