import { changeFleet, changeTuning, layerOf, type TuningLayer } from '@warder/core'
import {
  fleetSettingsBody,
  fleetSettingsView,
  settingsBody,
  settingsChanged,
  type SettingsChanged,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { AppError } from '@warder/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { App } from '../http/app.ts'
import { etagOf } from '../http/etag.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { NodeRow } from '../nodes/store.ts'
import type { Committing } from './commit.ts'
import type { Revision } from './store.ts'
import type { TuningBook } from './tuning.ts'

export interface TuningParts {
  readonly tuning: TuningBook
  readonly fleet: FleetNodes
  readonly commit: Committing
}

const fleetSettingsOf = ({ revision, document }: Revision) => ({
  revision,
  filterLocalNetworks: document.filterLocalNetworks ?? null,
})

const jailParam = z.string().max(64)
const APPENDED =
  'Keys that are named are set on this layer, `null` takes a key back to what it inherits. A change appends a revision, which every node answers with applied or refused; a change that changes nothing appends none. `If-Match` with the ETag of the settings, or `base`, refuses the change when they were changed since.'

/** PUT /jails/{jail}/settings and /nodes/{node}/jails/{jail}/settings, GET and PUT /settings: single keys. */
export function tuningRoutes(app: App, { tuning, fleet, commit }: TuningParts): void {
  const change = (
    request: FastifyRequest,
    place: { layer: TuningLayer; jail: string; nodes: readonly NodeRow[] },
    body: z.output<typeof settingsBody>,
  ): SettingsChanged => {
    const { layer, jail, nodes } = place
    const { reason: _reason, base: _base, confirm: _confirm, confirmWithin: _within, ...settings } = body
    return commit(request, {
      edit: (document) => changeTuning(document, layer, jail, settings),
      nodes,
      body,
      target: layer.kind === 'node' ? `${jail} on ${layer.name}` : `${jail} on all nodes`,
      said: ({ revision, document }) => ({ revision, ...layerOf(document, layer)[jail] }),
    })
  }
  const tagged = (reply: FastifyReply, changed: SettingsChanged): SettingsChanged => {
    void reply.header('etag', etagOf(changed.revision))
    return changed
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
    async (request, reply) => {
      const { jail } = request.params
      const nodes = fleet.all().filter((node) => fleet.hasJail(node.id, jail))
      if (nodes.length === 0) throw new AppError('jail.unknown', `No node has a jail "${jail}".`)
      return tagged(reply, change(request, { layer: { kind: 'fleet' }, jail, nodes }, request.body))
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
    async (request, reply) => {
      const { jail } = request.params
      const node = fleet.known(request.params.node)
      if (!fleet.hasJail(node.id, jail))
        throw new AppError('jail.unknown', `${node.name} has no jail "${jail}".`)
      const layer = { kind: 'node', name: node.name } as const
      return tagged(reply, change(request, { layer, jail, nodes: [node] }, request.body))
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
    async (_request, reply) => {
      void reply.header('etag', etagOf(tuning.newest().revision))
      return fleetSettingsOf(tuning.newest())
    },
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
    async (request, reply) => {
      const { filterLocalNetworks } = request.body
      return tagged(
        reply,
        commit(request, {
          edit: (document) => changeFleet(document, { filterLocalNetworks }),
          nodes: fleet.all(),
          body: request.body,
          target: 'all nodes',
          said: fleetSettingsOf,
        }),
      )
    },
  )
}
