import { ManualClock, makeLogger } from '@warder/daemon'
import { PATHS } from '@warder/protocol/paths'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cost } from '../auth/password.ts'
import { serverConfig, type ServerConfig } from '../config/schema.ts'
import { makeServer, type Server } from '../server.ts'

/** Noon of an ordinary day, when every lab begins. */
export const NOON = Date.UTC(2026, 10, 20, 12)
export const OPERATOR = { name: 'ada', password: 'correct horse battery' }

/** An answer of the API, read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body as JSON; null without one. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies freely
  readonly body: any
}

export interface Ask {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A real server on a folder of its own, at a standing clock. */
export interface Lab {
  readonly server: Server
  readonly clock: ManualClock
  readonly config: ServerConfig
  readonly url: string
  readonly claimCode: string | null
  /** A call as nobody in particular. */
  call(method: string, path: string, ask?: Ask): Promise<Answer>
  /** A call as the operator, who is made and signed in at first use. */
  as(method: string, path: string, body?: unknown): Promise<Answer>
  /** The operator's cookie, `warder_session=…`. */
  cookie(): Promise<string>
  /** Stops the server; `startLab` on the same folder goes on. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface LabOptions {
  readonly folder?: string
  readonly clock?: ManualClock
  readonly config?: Partial<ServerConfig>
  /** Default: a cheap one, since every lab signs in. */
  readonly passwordCost?: Cost
}

/** The cookie of an answer that opened a session. */
export const cookieOf = (answer: Answer): string =>
  (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

/** Starts a lab; dispose to end it and remove its folder. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'warder-server-')))
  const clock = options.clock ?? new ManualClock(NOON)
  const config: ServerConfig = {
    ...serverConfig.parse({
      host: '127.0.0.1',
      port: 0,
      tls: 'off',
      data_dir: join(folder, 'data'),
      auth_log: join(folder, 'auth.log'),
      web_root: join(folder, 'web'),
    }),
    ...options.config,
  }
  const server = makeServer({
    config,
    clock,
    passwordCost: options.passwordCost ?? { ln: 10, r: 8, p: 1 },
    log: makeLogger({ name: 'lab', level: 'silent', form: 'json' }),
  })
  const { url, claimCode } = await server.start()

  const call: Lab['call'] = async (method, path, { body, headers = {} } = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('application/json') ?? false
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson ? JSON.parse(text) : text === '' ? null : text,
    }
  }

  let cookie: string | null = null
  const signedIn = async (): Promise<string> => {
    if (cookie === null) {
      const { body } = await call('GET', PATHS.session)
      if (body.state === 'unclaimed') await server.createOperator(OPERATOR.name, OPERATOR.password)
      cookie = cookieOf(await call('POST', PATHS.session, { body: OPERATOR }))
    }
    return cookie
  }
  return {
    server,
    clock,
    config,
    url,
    claimCode,
    call,
    as: async (method, path, body) =>
      call(method, path, { body, headers: { cookie: await signedIn(), origin: url } }),
    cookie: signedIn,
    stop: () => server[Symbol.asyncDispose](),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
