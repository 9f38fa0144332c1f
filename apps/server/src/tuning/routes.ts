import type { TuningLayer } from '@warder/core'
import {
  fleetSettingsBody,
  fleetSettingsView,
  revisionPage,
  revisionsQuery,
  settingsBody,
  settingsChanged,
  type SettingsChanged,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { AppError } from '@warder/protocol'
import type { Clock } from '@warder/daemon'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { EventStore } from '../events/store.ts'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { fromCursor, toPage } from '../http/cursor.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import { revisionStateOf } from '../nodes/revision-state.ts'
import type { NodeRow, ReportStore } from '../nodes/store.ts'
import { makeTuningGuard } from './guard.ts'
import type { Revision, TuningStore } from './store.ts'
import type { TuningBook } from './tuning.ts'

export interface TuningParts {
  readonly clock: Clock
  readonly events: EventStore
  readonly store: TuningStore
  readonly tuning: TuningBook
  readonly fleet: FleetNodes
  readonly reports: ReportStore
  readonly note: Note
  /** A revision was appended: tell the nodes and the dashboards. */
  onRevision(): void
}

const fleetSettingsOf = ({ revision, document }: Revision) => ({
  revision,
  filterLocalNetworks: document.filterLocalNetworks ?? null,
})

const jailParam = z.string().max(64)
const APPENDED =
  'Keys that are named are set on this layer, `null` takes a key back to what it inherits. A change appends a revision, which every node answers with applied or refused; a change that changes nothing appends none.'

/** GET /revisions, PUT /jails/{jail}/settings and /nodes/{node}/jails/{jail}/settings. */
export function tuningRoutes(app: App, parts: TuningParts): void {
  const { tuning, fleet, reports } = parts
  const refuseLockout = makeTuningGuard(parts)

  const stateOf = (node: NodeRow, revision: number): SettingsChanged['nodes'][number] => ({
    node: node.name,
    state: revisionStateOf(
      revision,
      reports.answer(node.id),
      reports.status(node.id)?.status.revision ?? null,
    ).state,
  })

  /** What a jail was set to on the layer that is changed, for the audit. */
  const said = ({ revision, document }: Revision, layer: TuningLayer, jail: string) => ({
    revision,
    ...(layer.kind === 'fleet'
      ? document.fleet[jail]
      : layer.kind === 'node'
        ? document.nodes[layer.name]?.[jail]
        : {}),
  })

  const change = (
    request: FastifyRequest,
    place: { layer: TuningLayer; jail: string; nodes: readonly NodeRow[] },
    { reason, base, confirm, ...settings }: z.output<typeof settingsBody>,
  ): SettingsChanged => {
    const { layer, jail, nodes } = place
    const who = { by: requesterOf(request), address: addressOf(request), confirm }
    refuseLockout({ document: tuning.newest().document, layer, jail, change: settings, nodes }, who)
    const { before, after } = tuning.change({
      layer,
      jail,
      change: settings,
      by: who.by,
      reason: reason ?? null,
      base,
    })
    if (after !== before) {
      parts.note(request, {
        action: 'settings.change',
        target: layer.kind === 'node' ? `${jail} on ${layer.name}` : `${jail} on all nodes`,
        before: said(before, layer, jail),
        after: { ...said(after, layer, jail), ...(reason === undefined ? {} : { reason }) },
      })
      parts.onRevision()
    }
    return { revision: after.revision, nodes: nodes.map((node) => stateOf(node, after.revision)) }
  }

  app.put(
    pattern(PATHS.jailSettings(':jail')),
    {
      schema: {
        tags: ['jails'],
        summary: 'Tune a jail on all nodes',
        description: APPENDED,
        params: z.strictObject({ jail: jailParam }),
        body: settingsBody,
        response: { 200: settingsChanged, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { jail } = request.params
      const nodes = fleet.all().filter((node) => fleet.hasJail(node.id, jail))
      if (nodes.length === 0) throw new AppError('jail.unknown', `No node has a jail "${jail}".`)
      return change(request, { layer: { kind: 'fleet' }, jail, nodes }, request.body)
    },
  )

  app.put(
    pattern(PATHS.nodeJailSettings(':node', ':jail')),
    {
      schema: {
        tags: ['jails'],
        summary: 'Tune a jail on one node',
        description: `What is set here is stronger than what is set for all nodes. ${APPENDED}`,
        params: z.strictObject({ node: z.string().max(80), jail: jailParam }),
        body: settingsBody,
        response: { 200: settingsChanged, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { jail } = request.params
      const node = fleet.known(request.params.node)
      if (!fleet.hasJail(node.id, jail))
        throw new AppError('jail.unknown', `${node.name} has no jail "${jail}".`)
      return change(request, { layer: { kind: 'node', name: node.name }, jail, nodes: [node] }, request.body)
    },
  )

  app.get(
    PATHS.fleetSettings,
    {
      schema: {
        tags: ['jails'],
        summary: 'Show what is set for all nodes and jails',
        description: "What nothing is said of here is as each node's own agent.toml says.",
        response: { 200: fleetSettingsView, ...ERROR_ANSWERS },
      },
    },
    async () => fleetSettingsOf(tuning.newest()),
  )

  app.put(
    PATHS.fleetSettings,
    {
      schema: {
        tags: ['jails'],
        summary: 'Change what is set for all nodes and jails',
        description: `Keys that are named are set, \`null\` takes a key back to what each node's own agent.toml says. A change appends a revision, as one of a jail does.`,
        body: fleetSettingsBody,
        response: { 200: settingsChanged, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { reason, base, ...wanted } = request.body
      const wish = { by: requesterOf(request), reason: reason ?? null, base }
      const { before, after } = tuning.changeFleet(wanted, wish)
      if (after !== before) {
        parts.note(request, {
          action: 'settings.change',
          target: 'all nodes',
          before: fleetSettingsOf(before),
          after: { ...fleetSettingsOf(after), ...(reason === undefined ? {} : { reason }) },
        })
        parts.onRevision()
      }
      return { revision: after.revision, nodes: fleet.all().map((node) => stateOf(node, after.revision)) }
    },
  )

  app.get(
    PATHS.revisions,
    {
      schema: {
        tags: ['jails'],
        summary: 'List the revisions of the settings',
        description: 'Newest first: who changed what, when and why.',
        querystring: revisionsQuery,
        response: { 200: revisionPage, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { cursor, limit } }) =>
      toPage(parts.store.page(fromCursor(cursor), limit + 1), limit, ({ at, revision }) => ({
        at,
        id: revision,
      })),
  )
}
