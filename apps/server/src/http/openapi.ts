import fastifySwagger from '@fastify/swagger'
import * as api from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { needOf } from '../auth/needs.ts'
import type { App } from './app.ts'
import { ANSWERS } from './answers.ts'
import { EXAMPLES } from './examples.ts'

const TAGS = [
  ['session', 'Claiming the server, signing in and out'],
  ['account', 'Your own account: password, second factor, sessions'],
  ['accounts', 'Who may sign in, and as what'],
  ['overview', 'The numbers of the whole fleet'],
  ['bans', 'Who is shut out, and letting them in again'],
  ['lists', 'Who is never banned, and who always is'],
  ['events', 'Everything that nodes reported'],
  ['nodes', 'The machines under protection'],
  ['filters', 'What finds failures in lines, and lines to try it on'],
  ['jails', 'What is watched, and with which settings'],
  ['tuning', 'The settings as whole, numbered documents, their history and what a change would do'],
  ['notifications', 'Who is told what, how, and what was delivered'],
  ['tokens', 'API tokens for scripts'],
  ['audit', 'Who changed what'],
  ['live', 'The live stream of the dashboard'],
  ['server', 'The server itself'],
] as const

/** Describes every route that is added after it as OpenAPI 3.1. */
export async function describeApi(app: App, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Warder',
        version,
        description:
          'Brute-force protection for Proxmox clusters. Times are milliseconds since 1970-01-01 UTC. Every error has the form `{code, message, remedy}`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: app.basePath || '/' }],
      tags: TAGS.map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'warder_session',
            description: 'The cookie of a dashboard session.',
          },
          token: { type: 'http', scheme: 'bearer', description: 'An API token, `wdr_…`.' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: (document) => {
      const plain = jsonSchemaTransform(document)
      const { config, method, url } = document.route
      const transformed = { ...plain, schema: withExamples(plain.schema, `${String(method)} ${url}`) }
      if (config?.access !== undefined)
        return { ...transformed, schema: { ...transformed.schema, security: [] } }
      const need = needOf([method].flat()[0] ?? 'GET', url)
      return { ...transformed, schema: { ...transformed.schema, 'x-needs': need } }
    },
  })
}

interface Described {
  readonly body?: unknown
  readonly response?: unknown
}

/** A description with what is sent and what is answered as examples. */
function withExamples<T extends Described>(schema: T, key: string): T {
  const [example, answer] = [EXAMPLES[key], ANSWERS[key]]
  const responses = Object.entries(Object(schema.response)).map(([status, response]) =>
    answer !== undefined && status === '200'
      ? [status, { ...Object(response), examples: [JSON.parse(answer)] }]
      : [status, response],
  )
  return {
    ...schema,
    ...(example === undefined ? {} : { body: { ...Object(schema.body), examples: [example] } }),
    ...(answer === undefined ? {} : { response: Object.fromEntries(responses) }),
  }
}

/** GET /openapi.json. */
export function openApiRoute(app: App): void {
  app.get(
    PATHS.openapi,
    {
      config: { access: 'public' },
      schema: {
        tags: ['server'],
        summary: 'This description',
        description: 'The API as OpenAPI 3.1.',
        response: { 200: z.record(z.string(), z.unknown()), '4xx': api.errorView },
      },
    },
    async () => ({ ...app.swagger() }),
  )
}
