import type { Enforcement } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { bansExportQuery, eventsExportQuery } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import * as z from 'zod'
import type { BanList } from '../bans/list-store.ts'
import { targetOf } from '../bans/target.ts'
import type { BanRow } from '../bans/store.ts'
import { banViewOf } from '../bans/view.ts'
import { ipOf, kindsOf } from '../events/query.ts'
import type { EventStore } from '../events/store.ts'
import { queryTermsOf } from '../events/words.ts'
import type { App } from '../http/app.ts'
import type { Place } from '../http/cursor.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import { BAN_COLUMNS, EVENT_COLUMNS, written, type Form } from './rows.ts'

export interface ExportParts {
  readonly clock: Clock
  readonly list: BanList
  readonly events: EventStore
  readonly fleet: FleetNodes
  readonly enforcementOf: (node: string) => Enforcement | null
}

/** Rows that are read at once. */
const PAGE = 500
const TYPES = { ndjson: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const
const ANSWERS = { 200: z.string().describe('One row a line.'), ...ERROR_ANSWERS }

/** Pages from the first one on, until one is not full. */
function* pagesOf<T>(
  read: (after: Place | null) => readonly T[],
  placeOf: (row: T) => Place,
): Generator<readonly T[]> {
  for (let after: Place | null = null; ;) {
    const rows = read(after)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = placeOf(last)
  }
}

function send(reply: FastifyReply, form: Form, name: string, rows: AsyncIterable<string>): FastifyReply {
  return reply
    .type(TYPES[form])
    .header('content-disposition', `attachment; filename="${name}.${form}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(rows))
}

/** GET /bans/export, GET /events/export. */
export function exportRoutes(app: App, { clock, list, events, fleet, enforcementOf }: ExportParts): void {
  const about =
    'Streamed, newest first, with the same filters as the list. `ndjson` is one JSON object a line, `csv` has a line of names first; cells that a spreadsheet would run as a formula begin with an apostrophe.'
  app.get(
    PATHS.bansExport,
    {
      schema: {
        tags: ['bans'],
        summary: 'Export bans',
        description: about,
        querystring: bansExportQuery,
        response: ANSWERS,
      },
    },
    async ({ query }, reply) => {
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
      const pages = pagesOf(
        (after) => list.page(filter, after, PAGE),
        ({ id, ban }) => ({ at: ban.at, id }),
      )
      const toView = (one: BanRow) => banViewOf(one, now, enforcementOf(one.node))
      return send(reply, query.format, 'bans', written(pages, query.format, { ...BAN_COLUMNS, toView }))
    },
  )

  app.get(
    PATHS.eventsExport,
    {
      schema: {
        tags: ['events'],
        summary: 'Export events',
        description: about,
        querystring: eventsExportQuery,
        response: ANSWERS,
      },
    },
    async ({ query }, reply) => {
      const filter = {
        nodeId: query.node === undefined ? null : fleet.everKnown(query.node).id,
        jail: query.jail ?? null,
        ip: ipOf(query.ip),
        kinds: kindsOf(query.kind),
      }
      const pages = pagesOf(
        (after) => events.page(filter, after, PAGE),
        ({ at, seq }) => ({ at, id: seq }),
      )
      return send(
        reply,
        query.format,
        'events',
        written(pages, query.format, { ...EVENT_COLUMNS, toView: (event) => event }),
      )
    },
  )
}
