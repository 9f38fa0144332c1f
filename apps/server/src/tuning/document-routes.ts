import { describePlace, layerOf, type Tuning, type TuningLayer } from '@warder/core'
import { AppError } from '@warder/protocol'
import {
  layerBody,
  layerView,
  settingsChanged,
  tuningBody,
  tuningView,
  type SettingsChanged,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { App } from '../http/app.ts'
import { etagOf, requiredBaseOf } from '../http/etag.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { NodeRow } from '../nodes/store.ts'
import type { Commit, Committing } from './commit.ts'
import { groupOf } from './groups.ts'
import { documentOf, layerEdit, tuningOf } from './propose.ts'
import type { TuningBook } from './tuning.ts'

export interface DocumentParts {
  readonly tuning: TuningBook
  readonly fleet: FleetNodes
  readonly commit: Committing
}

const WHOLE =
  'A whole document takes the place of what is there, so `If-Match` with its ETag (or `base`) is required: what was changed meanwhile is not lost but refused. A change appends a revision, which every node answers with applied or refused.'

interface Layer {
  readonly path: string
  readonly params: z.ZodType<Readonly<Record<string, string>>>
  readonly summary: string
  /** The layer that a request is about, and its nodes. Throws where there is none. */
  readonly of: (params: Readonly<Record<string, string>>) => { layer: TuningLayer; nodes: readonly NodeRow[] }
}

/** GET and PUT /tuning, /tuning/fleet, /tuning/clusters/{cluster}, /tuning/groups/{group}, /tuning/nodes/{node}: whole documents. */
export function documentRoutes(app: App, { tuning, fleet, commit }: DocumentParts): void {
  const save = (
    request: FastifyRequest,
    reply: FastifyReply,
    { body, ...change }: Omit<Commit, 'said'>,
  ): SettingsChanged => {
    const base = requiredBaseOf(request, body.base, tuning.newest().revision)
    const changed = commit(request, {
      ...change,
      body: { ...body, base },
      said: ({ revision, document }) => ({ revision, document }),
    })
    void reply.header('etag', etagOf(changed.revision))
    return changed
  }

  app.get(
    PATHS.tuning,
    {
      schema: {
        tags: ['tuning'],
        summary: 'Read the settings of the fleet, whole',
        description: 'All layers in one document. The ETag is the number of its revision.',
        response: { 200: tuningView, ...ERROR_ANSWERS },
      },
    },
    async (_request, reply) => {
      const { revision, document } = tuning.newest()
      void reply.header('etag', etagOf(revision))
      return { revision, document: documentOf(document) }
    },
  )

  app.put(
    PATHS.tuning,
    {
      schema: {
        tags: ['tuning'],
        summary: 'Write the settings of the fleet, whole',
        description: WHOLE,
        body: tuningBody,
        response: { 200: settingsChanged, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const after = tuningOf(request.body.document)
      const edit = (): Tuning => after
      return save(request, reply, { edit, nodes: fleet.all(), body: request.body, target: 'all layers' })
    },
  )

  const layers: readonly Layer[] = [
    {
      path: PATHS.tuningFleet,
      params: z.strictObject({}),
      summary: 'the fleet’s defaults',
      of: () => ({ layer: { kind: 'fleet' }, nodes: fleet.all() }),
    },
    {
      path: pattern(PATHS.tuningCluster(':cluster')),
      params: z.strictObject({ cluster: z.string().max(80) }),
      summary: 'the settings of a cluster’s nodes',
      of({ cluster = '' }) {
        const nodes = fleet.all().filter((node) => node.cluster === cluster)
        const layer = { kind: 'cluster', name: cluster } as const
        const isKnown = nodes.length > 0 || Object.hasOwn(tuning.newest().document.clusters, cluster)
        if (!isKnown) throw new AppError('cluster.unknown', `No node is in a cluster "${cluster}".`)
        return { layer, nodes }
      },
    },
    {
      path: pattern(PATHS.tuningGroup(':group')),
      params: z.strictObject({ group: z.string().max(80) }),
      summary: 'the settings of a group’s nodes',
      of: ({ group = '' }) => groupOf(tuning.newest().document, fleet.all(), group),
    },
    {
      path: pattern(PATHS.tuningNode(':node')),
      params: z.strictObject({ node: z.string().max(80) }),
      summary: 'the settings of one node',
      of({ node = '' }) {
        const known = fleet.known(node)
        return { layer: { kind: 'node', name: known.name }, nodes: [known] }
      },
    },
  ]
  for (const { path, params, summary, of } of layers) {
    app.get(
      path,
      {
        schema: {
          tags: ['tuning'],
          summary: `Read ${summary}`,
          description:
            'One layer, whole: by jail the keys that it sets. What it does not name is inherited. The ETag is the number of the revision.',
          params,
          response: { 200: layerView, ...ERROR_ANSWERS },
        },
      },
      async (request, reply) => {
        const { layer } = of(request.params)
        const { revision, document } = tuning.newest()
        void reply.header('etag', etagOf(revision))
        return { revision, jails: { ...layerOf(documentOf(document), layer) } }
      },
    )
    app.put(
      path,
      {
        schema: {
          tags: ['tuning'],
          summary: `Write ${summary}`,
          description: `All of the layer in the place of what it said. ${WHOLE}`,
          params,
          body: layerBody,
          response: { 200: settingsChanged, ...ERROR_ANSWERS },
        },
      },
      async (request, reply) => {
        const { layer, nodes } = of(request.params)
        return save(request, reply, {
          edit: layerEdit(layer, request.body.jails),
          nodes,
          body: request.body,
          target: `the layer of ${describePlace(layer)}`,
        })
      },
    )
  }
}
