import { writeAtomically, type Clock, type Logger } from '@warder/daemon'
import { operatorName, password as passwordSchema, type Role } from '@warder/protocol/api'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { newClaimCode } from './auth/claim-code.ts'
import { COST, type Cost } from './auth/password.ts'
import { openFailureLog } from './auth/failure-log.ts'
import { compose, type Composed } from './compose.ts'
import { dataFiles, type DataFiles } from './config/paths.ts'
import type { ServerConfig } from './config/schema.ts'
import { backend } from './backend.ts'
import { hostInUrl, makeApp, type App } from './http/app.ts'
import { setSecurityHeaders } from './http/headers.ts'
import { limitRates } from './http/rate.ts'
import { describeApi } from './http/openapi.ts'
import type { NodePast } from './ingest/history.ts'
import { openIdentity } from './link/identity.ts'
import { logsOf, type Logs } from './log.ts'
import { folderError, listenError, lockedError, tlsError } from './start-error.ts'
import { holderOf } from './port/holder.ts'
import { openVault } from './notifications/vault.ts'
import type { Storage } from './storage/storage.ts'
import { VERSION } from './version.ts'

/** What a server is made of. */
export interface ServerParts {
  readonly config: ServerConfig
  readonly clock: Clock
  readonly log: Logger
  /** What a hash of a password costs; default: as is recommended. */
  readonly passwordCost?: Cost
}

/** Where a started server can be reached; the claim code is null once it has an operator. */
export interface Started {
  readonly url: string
  readonly claimCode: string | null
}

export interface Server {
  /** Opens history, listens. Throws an error whose message is a sentence for the operator. */
  start(): Promise<Started>
  /** A join text (`warder-join.…`) that one agent can use within `minutes`. */
  createJoin(minutes: number): string
  /** Makes an operator who can sign in, an admin unless said otherwise; a claimed server gets another one. */
  createOperator(name: string, password: string, role?: Role): Promise<void>
  /** Writes a past through the same code that takes events from agents, in one transaction; answers how many were new. */
  ingestHistory(past: NodePast): number
  [Symbol.asyncDispose](): Promise<void>
}

/** All that a started server holds. */
interface Running {
  readonly app: App
  readonly composed: Composed
  readonly storage: Storage
  readonly lock: Disposable
}

/** Makes a server; nothing is opened before `start`. */
export function makeServer(parts: ServerParts): Server {
  let running: Running | null = null
  const started = (): Running => {
    if (running === null) throw new Error('the server has not been started')
    return running
  }
  return {
    async start() {
      if (running !== null) throw new Error('the server has been started already')
      const opened = await open(parts)
      running = opened.running
      return opened.started
    },
    createJoin: (minutes) => started().composed.createJoin(minutes).join,
    async createOperator(name, password, role = 'admin') {
      const who = { name: operatorName.parse(name), password: passwordSchema.parse(password), role }
      await started().composed.createOperator(who)
    },
    ingestHistory: (past) => started().composed.tellPast(past),
    async [Symbol.asyncDispose]() {
      const stopping = running
      running = null
      if (stopping !== null) await close(stopping)
    },
  }
}

/** Opens everything in order; what was opened is closed again when a later step fails. */
async function open(parts: ServerParts): Promise<{ running: Running; started: Started }> {
  const { config } = parts
  const logs = logsOf(parts.log)
  await using undo = new AsyncDisposableStack()
  const files = dataFiles(config.data_dir)
  const { storage, lock } = await openFolder(config.data_dir, files, parts.clock)
  undo.defer(() => lock[Symbol.dispose]())
  undo.defer(() => storage.close())
  const { stores, ask, upkeep } = storage
  const claimCode = stores.operators.count() === 0 ? newClaimCode() : null
  await keepClaimCode(files.claimCode, claimCode)
  const app = await openApp(config, logs)
  undo.defer(() => app.close())
  const composed = await compose(app, {
    config,
    clock: parts.clock,
    logs,
    stores,
    ask,
    upkeep,
    identity: await openIdentity(files.identity),
    failureLog: await openFailureLog({ file: config.auth_log, dataDir: config.data_dir, log: logs.auth }),
    claimCode,
    passwordCost: parts.passwordCost ?? COST,
    onClaimed: () => void rm(files.claimCode, { force: true }),
  })
  undo.defer(() => composed.stop())
  const url = await listen(app, config)
  undo.move()
  logs.server.info({ url, version: VERSION }, 'started')
  return { running: { app, composed, storage, lock }, started: { url, claimCode } }
}

async function openFolder(
  folder: string,
  files: DataFiles,
  clock: Clock,
): Promise<{ storage: Storage; lock: Disposable }> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const lock = backend.lock(folder)
    if (lock === null) throw lockedError(folder)
    try {
      return { storage: backend.open(folder, { vault: await openVault(files.vaultKey), clock }), lock }
    } catch (err) {
      lock[Symbol.dispose]()
      throw err
    }
  } catch (err) {
    throw folderError(err, folder)
  }
}

/** Keeps the code where `warder-server claim-code` finds it, as long as it is good for something. */
async function keepClaimCode(file: string, code: string | null): Promise<void> {
  if (code === null) await rm(file, { force: true })
  else await writeAtomically(file, `${code}\n`, 0o600)
}

async function openApp(config: ServerConfig, logs: Logs): Promise<App> {
  const { tls_cert, tls_key } = config
  let app: App
  try {
    const tls =
      tls_cert === undefined || tls_key === undefined
        ? null
        : { cert: await readFile(tls_cert, 'utf8'), key: await readFile(tls_key, 'utf8') }
    app = await makeApp({ log: logs.http, trustedProxies: config.trusted_proxies, tls })
  } catch (err) {
    throw tls_cert === undefined ? err : tlsError(err)
  }
  await setSecurityHeaders(app, tls_cert !== undefined)
  await limitRates(app, config.requests_per_minute)
  await describeApi(app, VERSION)
  return app
}

/** Listens; on every address also where the machine has no IPv6. Answers the URL. */
async function listen(app: App, { host, port, tls_cert }: ServerConfig): Promise<string> {
  const everywhere = host === '::'
  try {
    await app.listen({ host, port }).catch((err: NodeJS.ErrnoException) => {
      if (!everywhere || (err.code !== 'EAFNOSUPPORT' && err.code !== 'EADDRNOTAVAIL')) throw err
      return app.listen({ host: '0.0.0.0', port })
    })
  } catch (err) {
    throw listenError(err, { host, port, holder: await holderOf(port).catch(() => null) })
  }
  const address = app.server.address()
  const bound = address !== null && typeof address === 'object' ? address.port : port
  const shown = everywhere || host === '0.0.0.0' ? 'localhost' : hostInUrl(host)
  return `${tls_cert === undefined ? 'http' : 'https'}://${shown}:${bound}`
}

async function close({ app, composed, storage, lock }: Running): Promise<void> {
  await app.close()
  composed.stop()
  await storage.close()
  lock[Symbol.dispose]()
}
