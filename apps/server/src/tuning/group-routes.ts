import { changeGroup, changeTuning, groupNamed, layerOf, removeGroup, type Tuning } from '@warder/core'
import { AppError } from '@warder/protocol'
import {
  groupBody,
  groupName,
  groupQuery,
  groupsView,
  settingsBody,
  settingsChanged,
  type GroupView,
  type SettingsChanged,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { FastifyReply } from 'fastify'
import * as z from 'zod'
import type { App } from '../http/app.ts'
import { etagOf } from '../http/etag.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { NodeRow } from '../nodes/store.ts'
import type { Committing } from './commit.ts'
import { groupOf, groupViews, refuseTaken } from './groups.ts'
import type { TuningBook } from './tuning.ts'

export interface GroupParts {
  readonly tuning: TuningBook
  readonly fleet: FleetNodes
  readonly commit: Committing
}

const REVISION =
  'Groups are part of the settings: a change appends a revision, which every node answers, and going back to a revision brings its groups back.'

const nodesOf = (tuning: Tuning, name: string): readonly string[] => groupNamed(tuning, name)?.nodes ?? []

/** GET /groups, PUT and DELETE /groups/{group}, PUT /groups/{group}/jails/{jail}/settings. */
export function groupRoutes(app: App, { tuning, fleet, commit }: GroupParts): void {
  const params = z.strictObject({ group: z.string().max(80) })
  const tagged = (reply: FastifyReply, changed: SettingsChanged): SettingsChanged => {
    void reply.header('etag', etagOf(changed.revision))
    return changed
  }
  const membersOf = (names: readonly string[]): readonly NodeRow[] =>
    fleet.all().filter(({ name }) => names.includes(name))

  app.get(
    PATHS.groups,
    {
      schema: {
        tags: ['tuning'],
        summary: 'List groups of nodes',
        description:
          'The weakest first: Proxmox clusters, then the groups that operators made in their order. What is set for a node alone is stronger than all of them, what is set for all nodes weaker.',
        response: { 200: groupsView, ...ERROR_ANSWERS },
      },
    },
    async (_request, reply): Promise<{ revision: number; rows: GroupView[] }> => {
      const { revision, document } = tuning.newest()
      void reply.header('etag', etagOf(revision))
      return { revision, rows: groupViews(document, fleet.all()) }
    },
  )

  app.put(
    pattern(PATHS.group(':group')),
    {
      schema: {
        tags: ['tuning'],
        summary: 'Make a group of nodes, or change it',
        description: `What is not named stays as it is. Clusters are as Proxmox says and cannot be changed here. ${REVISION}`,
        params: z.strictObject({ group: groupName }),
        body: groupBody,
        response: { 200: settingsChanged, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { group } = request.params
      const { document } = tuning.newest()
      refuseTaken(document, fleet.all(), group)
      const before = nodesOf(document, group)
      // Who left the fleet may stay in a group; who was never in it cannot come in.
      const names = request.body.nodes?.map((name) => (before.includes(name) ? name : fleet.known(name).name))
      return tagged(
        reply,
        commit(request, {
          edit: (now) => changeGroup(now, group, { nodes: names, position: request.body.position }),
          nodes: membersOf([...before, ...(names ?? [])]),
          body: request.body,
          target: `group ${group}`,
          said: ({ revision, document: now }) => ({ revision, nodes: nodesOf(now, group) }),
        }),
      )
    },
  )

  app.delete(
    pattern(PATHS.group(':group')),
    {
      schema: {
        tags: ['tuning'],
        summary: 'Remove a group of nodes',
        description: `What was set for it holds no longer. ${REVISION}`,
        params,
        querystring: groupQuery,
        response: { 200: settingsChanged, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { group } = request.params
      const { document } = tuning.newest()
      if (groupNamed(document, group) === null)
        throw new AppError('group.unknown', `Nobody made a group "${group}".`)
      return tagged(
        reply,
        commit(request, {
          edit: (now) => removeGroup(now, group),
          nodes: membersOf(nodesOf(document, group)),
          body: request.query,
          target: `group ${group}`,
          said: ({ revision, document: now }) => ({ revision, nodes: nodesOf(now, group) }),
        }),
      )
    },
  )

  app.put(
    pattern(PATHS.groupJailSettings(':group', ':jail')),
    {
      schema: {
        tags: ['jails'],
        summary: 'Tune a jail on the nodes of a group or a cluster',
        description: `Stronger than what is set for all nodes, weaker than what is set for one. Keys that are named are set, \`null\` takes a key back to what it inherits. ${REVISION}`,
        params: z.strictObject({ group: z.string().max(80), jail: z.string().max(64) }),
        body: settingsBody,
        response: { 200: settingsChanged, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { group, jail } = request.params
      const { layer, nodes } = groupOf(tuning.newest().document, fleet.all(), group)
      const having = nodes.filter((node) => fleet.hasJail(node.id, jail))
      if (having.length === 0)
        throw new AppError('jail.unknown', `No node of "${group}" has a jail "${jail}".`)
      const {
        reason: _reason,
        base: _base,
        confirm: _confirm,
        confirmWithin: _within,
        ...settings
      } = request.body
      return tagged(
        reply,
        commit(request, {
          edit: (document) => changeTuning(document, layer, jail, settings),
          nodes: having,
          body: request.body,
          target: `${jail} on ${layer.kind} ${group}`,
          said: ({ revision, document }) => ({ revision, ...layerOf(document, layer)[jail] }),
        }),
      )
    },
  )
}
