import { AppError } from '@warder/protocol'
import { errorView } from '@warder/protocol/api'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
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

/** GET /metrics: for who is signed in, a token, or this machine itself. */
export function metricRoutes(app: App, { facts }: { facts: () => MetricFacts }): void {
  app.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: {
        tags: ['server'],
        summary: 'Numbers for Prometheus',
        description:
          'In the text format of Prometheus. From the machine of the server without signing in, unless a proxy hands it on; from elsewhere with a token.',
        response: { 200: z.string(), '4xx': errorView },
      },
    },
    async (request, reply) => {
      if (request.principal === null && !isLocal(request)) throw new AppError('session.missing')
      reply.type('text/plain; version=0.0.4; charset=utf-8').serializer(String)
      return toText(familiesOf(facts()))
    },
  )
}
