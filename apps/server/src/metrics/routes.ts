import { AppError } from '@warder/protocol'
import { errorView } from '@warder/protocol/api'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import { may, type Principal } from '../auth/principal.ts'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import { familiesOf, type MetricFacts } from './families.ts'
import { toText } from './text.ts'

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

/** Whether a request was made on this machine, and not handed on by a proxy on it. */
function isLocal(request: FastifyRequest): boolean {
  const handedOn = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    (name) => name in request.headers,
  )
  return !handedOn && LOOPBACK.test(request.socket.remoteAddress ?? '') && LOOPBACK.test(addressOf(request))
}

/** @throws AppError session.missing, access.denied */
function checkReader(principal: Principal | null): void {
  if (principal === null) throw new AppError('session.missing')
  if (!may(principal, 'read')) throw new AppError('access.denied', 'Numbers need the scope "read".')
}

/** GET /metrics: for who may read, or this machine itself. */
export function metricRoutes(app: App, { facts }: { facts: () => MetricFacts }): void {
  app.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: {
        tags: ['server'],
        summary: 'Numbers for Prometheus',
        description:
          'In the text format of Prometheus. From the machine of the server without signing in, unless a proxy hands it on; from elsewhere with a token that has the scope read.',
        response: { 200: z.string(), '4xx': errorView },
      },
    },
    async (request, reply) => {
      if (!isLocal(request)) checkReader(request.principal)
      reply.type('text/plain; version=0.0.4; charset=utf-8').serializer(String)
      return toText(familiesOf(facts()))
    },
  )
}
