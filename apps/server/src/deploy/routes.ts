import { AppError } from '@warder/protocol'
import {
  deployBody,
  deployOfferView,
  deploysView,
  deployView,
  hostKeyBody,
  hostKeyView,
  type DeployOffer,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { reachedUrl } from '../http/url-prefix.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { HostFiles } from './host-files.ts'
import type { Jobs } from './jobs.ts'
import { DeployError } from './problems.ts'
import { hostKeyOf } from './ssh.ts'

export interface DeployRouteParts {
  readonly jobs: Jobs
  readonly offer: () => Promise<DeployOffer>
  readonly hostFiles: HostFiles
  readonly fleet: FleetNodes
  readonly note: Note
}

const one = z.object({ id: z.string().max(64) })

/** Where whoever asks finds this server. */
function urlOf(request: FastifyRequest): string {
  const url = reachedUrl(request)
  if (url === null) throw new AppError('input.invalid', 'Say in `server` where the agent finds this server.')
  return url
}

/** /deploys: the agent is put on hosts over SSH. For admins alone, as every route that names no other need. */
export function deployRoutes(app: App, { jobs, offer, hostFiles, fleet, note }: DeployRouteParts): void {
  app.addHook('onClose', async () => jobs.stop())
  app.get(
    PATHS.deployOffer,
    {
      schema: {
        tags: ['nodes'],
        summary: 'Ask what this server can put where',
        description:
          'The package it holds and the nodes that are older, whether its ssh-agent can sign in, and the members of the Proxmox cluster that it runs in.',
        response: { 200: deployOfferView, ...ERROR_ANSWERS },
      },
    },
    () => offer(),
  )
  app.post(
    PATHS.deployHostKey,
    {
      schema: {
        tags: ['nodes'],
        summary: 'Ask a host for its SSH key',
        description:
          'Nothing is told to the host. Compare the fingerprint with what its console shows; known hosts of this server are looked at as well.',
        body: hostKeyBody,
        response: { 200: hostKeyView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      try {
        const key = await hostKeyOf(request.body)
        return { ...key, ...(await hostFiles.known(request.body, key)) }
      } catch (err) {
        if (err instanceof DeployError) throw new AppError('deploy.unreachable', err.message)
        throw err
      }
    },
  )
  app.post(
    PATHS.deploys,
    {
      schema: {
        tags: ['nodes'],
        summary: 'Put the agent on a host over SSH, upgrade or remove it',
        description:
          'Answers at once; ask for its state by id. `install` connects, looks whether it can be done, uploads the package that this server holds, installs, enrols, starts, and waits for the first report. `upgrade` keeps what is there, and puts it back when the new version does not report well within a minute. `remove` purges the agent and takes the node out of the fleet. What was done is taken back when it fails. What signs in is kept nowhere. For a staged upgrade name the first one in `after` of the others.',
        body: deployBody,
        response: { 200: deployView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { kind, host, port, user, node, server = urlOf(request) } = request.body
      if (kind !== 'install' && node === undefined)
        throw new AppError('input.invalid', 'Say in `node` which node it is that is changed.')
      if (node !== undefined) fleet.known(node)
      const view = jobs.start(request.body, server, requesterOf(request))
      const after = { id: view.id, kind, ...(node === undefined ? {} : { node }) }
      note(request, { action: 'node.deploy', target: `${user}@${host}:${port}`, after })
      return view
    },
  )
  app.get(
    PATHS.deploys,
    {
      schema: {
        tags: ['nodes'],
        summary: 'List deployments',
        description: 'Those under way, and those that ended within the hour; newest first.',
        response: { 200: deploysView, ...ERROR_ANSWERS },
      },
    },
    async () => [...jobs.all()],
  )
  app.get(
    pattern(PATHS.deploy(':id')),
    {
      schema: {
        tags: ['nodes'],
        summary: 'Ask how a deployment goes',
        description: 'Step by step, with what the host printed and how long each took.',
        params: one,
        response: { 200: deployView, ...ERROR_ANSWERS },
      },
    },
    async (request) => jobs.get(request.params.id),
  )
  app.delete(
    pattern(PATHS.deploy(':id')),
    {
      schema: {
        tags: ['nodes'],
        summary: 'Cancel a deployment',
        description:
          'It ends as soon as that does no harm, and what was done is taken back: an upload at once, apt at its end.',
        params: one,
        response: { 200: deployView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const view = jobs.cancel(request.params.id)
      note(request, { action: 'node.deploy-cancel', target: view.host, after: { id: view.id } })
      return view
    },
  )
}
