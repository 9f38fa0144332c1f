import { writeAtomically, type Clock, type Logger } from '@warder/daemon'
import { operatorName, password as passwordSchema, type Role } from '@warder/protocol/api'
import { mkdir, rm } from 'node:fs/promises'
import { CertificateKeeper } from './certificate/keep.ts'
import type { Certificate } from './certificate/judge.ts'
import { openCertificate } from './certificate/open.ts'
import { newClaimCode } from './auth/claim-code.ts'
import { COST, type Cost } from './auth/password.ts'
import { openFailureLog } from './auth/failure-log.ts'
import { compose, type Composed } from './compose.ts'
import { dataFiles, type DataFiles } from './config/paths.ts'
import type { ServerConfig } from './config/schema.ts'
import { backend } from './backend.ts'
import { makeApp, type App, type OpenedApp } from './http/app.ts'
import { setSecurityHeaders } from './http/headers.ts'
import { limitRates } from './http/rate.ts'
import { describeApi } from './http/openapi.ts'
import type { NodePast } from './ingest/history.ts'
import { openIdentity } from './link/identity.ts'
import { logsOf, type Logs } from './log.ts'
import { folderError, listenError, lockedError } from './start-error.ts'
import { holderOf } from './port/holder.ts'
import { ownUrls } from './port/own-url.ts'
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
  /** From this machine. */
  readonly url: string
  /** From other machines. */
  readonly others: readonly string[]
  /** What is shown over https; null where it speaks http only. */
  readonly certificate: Certificate | null
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
  /** Looks whether there is another certificate to show. */
  renewCertificate(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** All that a started server holds. */
interface Running {
  readonly app: App
  readonly composed: Composed
  readonly storage: Storage
  readonly lock: Disposable
  readonly keeper: CertificateKeeper | null
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
    renewCertificate: async () => started().keeper?.look(),
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
  const certificate = await openCertificate(config, parts.clock.now())
  const { app, door } = await openApp(config, logs, certificate)
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
  const port = await listen(app, config)
  undo.move()
  const { local: url, others } = ownUrls({ ...config, port }, certificate?.source ?? null)
  logs.server.info({ url, version: VERSION, certificate: certificate?.source ?? 'none' }, 'started')
  const keeper =
    door &&
    certificate &&
    new CertificateKeeper({
      clock: parts.clock,
      log: logs.server,
      door,
      shown: certificate,
      open: () => openCertificate(config, parts.clock.now()),
    })
  return {
    running: { app, composed, storage, lock, keeper },
    started: { url, others, certificate, claimCode },
  }
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

async function openApp(
  config: ServerConfig,
  logs: Logs,
  certificate: Certificate | null,
): Promise<OpenedApp> {
  const opened = await makeApp({
    log: logs.http,
    trustedProxies: config.trusted_proxies,
    tls: certificate,
    basePath: config.base_path,
  })
  // With a certificate of the operator's own the whole name is meant for https.
  await setSecurityHeaders(opened.app, {
    secure: certificate !== null,
    strict: certificate?.source === 'configured',
  })
  await limitRates(opened.app, config.requests_per_minute)
  await describeApi(opened.app, VERSION)
  return opened
}

/** Listens; on every address also where the machine has no IPv6. Answers the port. */
async function listen(app: App, { host, port }: ServerConfig): Promise<number> {
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
  return address !== null && typeof address === 'object' ? address.port : port
}

async function close({ app, composed, storage, lock, keeper }: Running): Promise<void> {
  keeper?.[Symbol.dispose]()
  await app.close()
  composed.stop()
  await storage.close()
  lock[Symbol.dispose]()
}
