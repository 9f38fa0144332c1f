import { AppError } from '@warder/protocol'
import { deployBody, deploysView, deployView, hostKeyBody, hostKeyView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { reachedUrl } from '../http/url-prefix.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { Jobs } from './jobs.ts'
import { DeployError, hostKeyOf } from './ssh.ts'

export interface DeployRouteParts {
  readonly jobs: Jobs
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
export function deployRoutes(app: App, { jobs, note }: DeployRouteParts): void {
  app.addHook('onClose', async () => jobs.stop())
  app.post(
    PATHS.deployHostKey,
    {
      schema: {
        tags: ['nodes'],
        summary: 'Ask a host for its SSH key',
        description: 'Nothing is told to the host. Compare the fingerprint with what its console shows.',
        body: hostKeyBody,
        response: { 200: hostKeyView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      try {
        return await hostKeyOf(request.body)
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
        summary: 'Put the agent on a host over SSH',
        description:
          'Answers at once; ask for its state by id. Connects, looks whether it can be done, uploads the package that this server holds, installs, enrols, starts, and waits for the first report. What was done is taken back when it fails. What signs in is kept nowhere.',
        body: deployBody,
        response: { 200: deployView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { host, port, user, server = urlOf(request) } = request.body
      const view = jobs.start(request.body, server, requesterOf(request))
      note(request, { action: 'node.deploy', target: `${user}@${host}:${port}`, after: { id: view.id } })
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
        description: 'It ends after the step that is under way, and what was done is taken back.',
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
