import fastifyCookie from '@fastify/cookie'
import fastifyWebsocket from '@fastify/websocket'
import { isIP } from 'node:net'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { FRAME_LIMIT_BYTES } from '@warder/protocol'
import type { Logger } from '@warder/daemon'
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawServerDefault,
} from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { randomUUID } from 'node:crypto'
import { withoutBase } from './url-prefix.ts'
import type { KeyPair } from '../certificate/self-signed.ts'
import { openDoor, type Door } from './door.ts'
import { answerErrors, answerBrokenRequest } from './errors.ts'
import { refusePlain } from './plain.ts'

/** The HTTP server of this process; its routes have zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Largest body of a request, in bytes. */
export const BODY_LIMIT_BYTES = 262_144

export interface AppOptions {
  readonly log: Logger
  /** Addresses and subnets of proxies whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[]
  /** What to show over https; null: no https. */
  readonly tls: KeyPair | null
  /** The path below which a proxy shows it, without a slash at its end; default: none. */
  readonly basePath?: string
  readonly times?: HttpTimes
}

/** How long a client may take (ms): for a whole request, for its head, and between two. */
export interface HttpTimes {
  readonly requestTimeout: number
  readonly headersTimeout: number
  readonly keepAliveTimeout: number
  /** How often it is looked for who takes longer. */
  readonly connectionsCheckingInterval: number
}

const TIMES: HttpTimes = {
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
}

/** The app, and what comes in before it; null without https. */
export interface OpenedApp {
  readonly app: App
  readonly door: Door | null
}

/** An empty HTTP server with the limits, the form of errors and the WebSockets that every route here relies on. */
export async function makeApp({
  log,
  trustedProxies,
  tls,
  basePath = '',
  times = TIMES,
}: AppOptions): Promise<OpenedApp> {
  let door: Door | null = null
  const app: App = fastify({
    serverFactory(listener) {
      const server = createServer({ ...times }, listener)
      door = tls && openDoor(server, tls, times.headersTimeout)
      return server
    },
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: BODY_LIMIT_BYTES,
    rewriteUrl: ({ url = '/' }) => withoutBase(url, basePath),
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (err, request, reply) => answerErrors(err, request, reply),
  }).withTypeProvider<ZodTypeProvider>()
  app.decorate('basePath', basePath)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  // An empty body is no body, also where a client says that it would be JSON.
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) =>
    body === '' ? done(null, undefined) : parseJson(request, body, done),
  )
  app.setErrorHandler((err, request, reply) => answerErrors(err, request, reply))
  app.addHook('onRequest', refusePlain(trustedProxies, tls !== null))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      {
        method: request.method,
        url: request.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    )
  })
  await app.register(fastifyCookie)
  await app.register(fastifyWebsocket, {
    options: { maxPayload: FRAME_LIMIT_BYTES, perMessageDeflate: false },
    errorHandler: (err, socket, request) => {
      request.log.debug({ err }, 'a WebSocket failed')
      socket.terminate()
    },
    preClose(done) {
      const { clients } = this.websocketServer
      for (const client of clients) client.close(1001, 'the server stops')
      // The close frames are out by then; who does not answer them must not hold up the stop.
      setImmediate(() => {
        for (const client of clients) client.terminate()
        done()
      })
    },
  })
  app.addHook('preClose', async () => door?.close())
  return { app, door }
}

/** A host for a URL: IPv6 addresses get brackets. */
export const hostInUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host)
