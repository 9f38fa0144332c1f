import {
  allowBody,
  confirm,
  importBody,
  importedView,
  listBody,
  listChange,
  listEntriesQuery,
  listEntry,
  listEntryBody,
  listEntryPage,
  listsView,
  listView,
  type ListView,
} from '@warder/protocol/api'
import { IMPORT_LIMIT } from '@warder/protocol/words'
import { AppError, LIST_NAME } from '@warder/protocol'
import { PATHS } from '@warder/protocol/paths'
import { parseTarget } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { Requester } from '../bans/lockout.ts'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { ERROR_ANSWERS, NOTHING, pattern } from '../http/route.ts'
import type { Roster } from '../link/roster.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { ReportStore } from '../nodes/store.ts'
import { byName } from '../nodes/views.ts'
import type { EntryPlace, EntryRow, EntryStore } from './entry-store.ts'
import type { Fetching } from './fetching.ts'
import type { Lists } from './lists.ts'
import type { ListRow, ListStore } from './store.ts'
import { listsNodeOf, listViewOf } from './view.ts'

export interface ListRouteParts {
  readonly clock: Clock
  readonly store: ListStore
  readonly entries: EntryStore
  readonly lists: Lists
  readonly fetching: Fetching
  readonly fleet: FleetNodes
  readonly reports: ReportStore
  readonly roster: Roster
  readonly note: Note
}

/** A text of the longest size, written as JSON. */
const IMPORT_BODY_BYTES = IMPORT_LIMIT + 1_048_576

const params = z.strictObject({ list: z.string().regex(LIST_NAME) })
const TAGS = ['lists']

/** Who makes a request, with what they typed. */
const whoOf = (request: FastifyRequest, typed?: string): Requester => ({
  by: requesterOf(request),
  address: addressOf(request),
  confirm: typed,
})

const toCursor = ({ first, ip }: EntryPlace): string => Buffer.from(`${first} ${ip}`).toString('base64url')

function fromCursor(cursor: string | undefined): EntryPlace | null {
  if (cursor === undefined) return null
  const [first = '', ip = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  if (!/^[0-9a-f]{32}$/.test(first) || parseTarget(ip) === null) throw new AppError('cursor.invalid')
  return { first, ip }
}

const shown = ({ ip, note, until, addedAt, addedBy, fetched }: EntryRow) => ({
  ip,
  note,
  until,
  addedAt,
  addedBy,
  fetched,
})

/** /lists and what is below, and POST /allow. */
export function listRoutes(app: App, parts: ListRouteParts): void {
  const { clock, store, entries, lists, fleet, reports, roster } = parts
  const viewOf = (list: ListRow): ListView => listViewOf(list, entries.counts(clock.now()).get(list.id) ?? 0)

  app.get(
    PATHS.lists,
    {
      schema: {
        tags: TAGS,
        summary: 'List the lists',
        description:
          'All allow and deny lists by name, and how each node stands to them. Lists go to nodes as one whole, so a node has all of them or none of the newest change.',
        response: { 200: listsView, ...ERROR_ANSWERS },
      },
    },
    async () => {
      const state = store.state()
      const counts = entries.counts(clock.now())
      return {
        revision: state.revision,
        lists: store.all().map((list) => listViewOf(list, counts.get(list.id) ?? 0)),
        nodes: fleet
          .all()
          .toSorted(byName)
          .map((node) =>
            listsNodeOf(node, reports.status(node.id), { state, version: roster.versionOf(node.id) }),
          ),
      }
    },
  )

  app.post(
    PATHS.lists,
    {
      schema: {
        tags: TAGS,
        summary: 'Make a list',
        description:
          'Allow: what is on it is never banned, whatever asks for it. Deny: what is on it is shut out on all nodes and all ports as long as it is on it. With `url` the server fetches it at once and then every `hours`.',
        body: listBody,
        response: { 200: listView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { name, kind, note, url = null, hours } = request.body
      const list = lists.create({ name, kind, note, url, hours }, requesterOf(request))
      parts.note(request, { action: 'list.create', target: name, after: request.body })
      return viewOf(list)
    },
  )

  app.get(
    pattern(PATHS.list(':list')),
    {
      schema: {
        tags: TAGS,
        summary: 'One list',
        description: 'The same as among all.',
        params,
        response: { 200: listView, ...ERROR_ANSWERS },
      },
    },
    async (request) => viewOf(lists.known(request.params.list)),
  )

  app.patch(
    pattern(PATHS.list(':list')),
    {
      schema: {
        tags: TAGS,
        summary: 'Change a list',
        description: 'Its note, or where and how often it is fetched. What is on it stays.',
        params,
        body: listChange,
        response: { 200: listView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { note, url, hours } = request.body
      const change = {
        ...(note === undefined ? {} : { note }),
        ...(url === undefined ? {} : { url }),
        ...(hours === undefined ? {} : { hours }),
      }
      const { before, after } = lists.describe(request.params.list, change, requesterOf(request))
      parts.note(request, {
        action: 'list.change',
        target: after.name,
        before: { note: before.note, url: before.url, hours: before.hours },
        after: { note: after.note, url: after.url, hours: after.hours },
      })
      return viewOf(after)
    },
  )

  app.delete(
    pattern(PATHS.list(':list')),
    {
      schema: {
        tags: TAGS,
        summary: 'Remove a list',
        description: 'With all that is on it. Nodes let go of what a deny list shut out.',
        params,
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const before = viewOf(lists.known(request.params.list))
      lists.remove(before.name)
      const { kind, note, entries: held } = before
      parts.note(request, {
        action: 'list.remove',
        target: before.name,
        before: { kind, note, entries: held },
      })
      return reply.code(204).send(null)
    },
  )

  entryRoutes(app, parts)

  app.post(
    PATHS.allow,
    {
      schema: {
        tags: TAGS,
        summary: 'Let an address alone for a while',
        description:
          'Puts it on the allow list `temporary`, for 24 hours where nothing else is said. Bans of it are lifted on all nodes.',
        body: allowBody,
        response: { 200: listEntry, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const entry = lists.allow(request.body, whoOf(request))
      parts.note(request, {
        action: 'allow.add',
        target: entry.ip,
        after: { until: entry.until, note: entry.note },
      })
      return shown(entry)
    },
  )
}

function entryRoutes(app: App, { clock, entries, lists, fetching, note }: ListRouteParts): void {
  app.get(
    pattern(PATHS.listEntries(':list')),
    {
      schema: {
        tags: TAGS,
        summary: 'What is on a list',
        description: 'In the order of addresses. The first page also says how many there are in all.',
        params,
        querystring: listEntriesQuery,
        response: { 200: listEntryPage, ...ERROR_ANSWERS },
      },
    },
    async ({ params: { list }, query }) => {
      const search = query.search?.trim() || null
      const target = search === null ? null : parseTarget(search)
      const filter = { listId: lists.known(list).id, target, search, now: clock.now() }
      const rows = entries.page(filter, fromCursor(query.cursor), query.limit + 1)
      const page = rows.slice(0, query.limit)
      const last = page.at(-1)
      const next = rows.length > query.limit && last !== undefined ? toCursor(last) : null
      return {
        rows: page.map(shown),
        next,
        ...(query.cursor === undefined ? { total: next === null ? page.length : entries.count(filter) } : {}),
      }
    },
  )

  app.post(
    pattern(PATHS.listEntries(':list')),
    {
      schema: {
        tags: TAGS,
        summary: 'Put an entry on a list',
        description:
          'An address or a subnet, with a note and an end where it has one. An entry that is there already gets this note and end. On a deny list one that would shut you out is refused, unless you `confirm` it.',
        params,
        body: listEntryBody,
        response: { 200: listEntry, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { list } = request.params
      const { confirm: typed, ...wish } = request.body
      const entry = lists.put(list, wish, whoOf(request, typed))
      note(request, {
        action: 'list.add',
        target: `${entry.ip} on ${list}`,
        after: { until: entry.until, note: entry.note },
      })
      return shown(entry)
    },
  )

  app.delete(
    pattern(PATHS.listEntry(':list', ':ip')),
    {
      schema: {
        tags: TAGS,
        summary: 'Take an entry off a list',
        description: 'Exactly this address or subnet. One that is fetched comes back with the next fetch.',
        params: z.strictObject({ list: z.string().regex(LIST_NAME), ip: z.string().max(64) }),
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { list, ip } = request.params
      const before = lists.drop(list, ip, requesterOf(request))
      note(request, { action: 'list.drop', target: `${before.ip} on ${list}`, before: shown(before) })
      return reply.code(204).send(null)
    },
  )

  app.post(
    pattern(PATHS.listImport(':list')),
    {
      bodyLimit: IMPORT_BODY_BYTES,
      schema: {
        tags: TAGS,
        summary: 'Import a text into a list',
        description:
          'All of it in one step, or nothing where it does not fit. What is no address is counted and told, and the rest is taken.',
        params,
        body: importBody,
        response: { 200: importedView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { list } = request.params
      const { text, mode, note: remark, for: seconds, confirm: typed } = request.body
      const how = { text, replace: mode === 'replace', fetched: false, note: remark, for: seconds }
      const done = lists.take(list, how, whoOf(request, typed))
      const { misread: _, ...figures } = done
      note(request, { action: 'list.import', target: list, after: { mode, ...figures } })
      return done
    },
  )

  app.post(
    pattern(PATHS.listFetch(':list')),
    {
      schema: {
        tags: TAGS,
        summary: 'Fetch a list now',
        description:
          'From its URL: at most 5 MiB within 30 seconds. What was fetched before and is no longer there goes; where the fetch fails, all stays.',
        params,
        body: z.strictObject({ confirm }).nullish(),
        response: { 200: importedView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { list } = request.params
      const done = await fetching.fetch(list, whoOf(request, request.body?.confirm))
      const { misread: _, ...figures } = done
      note(request, { action: 'list.fetch', target: list, after: figures })
      return done
    },
  )
}
