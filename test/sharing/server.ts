import { EventEmitter } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { changeTuning, type SettingsOverride } from '@warder/core'
import { backend } from '../../apps/server/src/backend.ts'
import { makeBulk, type Bulk } from '../../apps/server/src/bans/bulk.ts'
import { makeOrderRequests, type OrderRequests } from '../../apps/server/src/bans/order-request.ts'
import { serverConfig } from '../../apps/server/src/config/schema.ts'
import type { App } from '../../apps/server/src/http/app.ts'
import { openIdentity } from '../../apps/server/src/link/identity.ts'
import { logsOf } from '../../apps/server/src/log.ts'
import { openVault } from '../../apps/server/src/notifications/vault.ts'
import { makeParts, type Parts } from '../../apps/server/src/parts.ts'
import { addLink } from '../../apps/server/src/routes.ts'
import type { Storage } from '../../apps/server/src/storage/storage.ts'
import { makePublish } from '../../apps/server/src/tuning/publish.ts'
import { makeLogger, ManualClock } from '../../packages/daemon/src/index.ts'
import type { Wire } from './wire.ts'

const log = makeLogger({ name: 'lab', level: 'silent', form: 'json' })

interface Running {
  readonly storage: Storage
  readonly parts: Parts
  readonly requests: OrderRequests
  readonly bulk: Bulk
  readonly accept: (wire: Wire) => void
}

/** The server of the simulation: all parts of the real one on a real file, without HTTP around them. */
export class SimServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'warder-sharing-'))
  clock: ManualClock
  #running: Running | null = null

  constructor(now: number) {
    this.clock = new ManualClock(now)
  }

  get running(): Running {
    if (this.#running === null) throw new Error('the server does not run')
    return this.#running
  }

  get isUp(): boolean {
    return this.#running !== null
  }

  async start(): Promise<void> {
    const { clock } = this
    const data = join(this.folder, 'data')
    mkdirSync(data, { recursive: true })
    const config = serverConfig.parse({ data_dir: data, auth_log: join(data, 'auth.log'), tls: 'off' })
    const storage = backend.open(data, { vault: await openVault(join(data, 'vault.key')), clock })
    const { stores, upkeep } = storage
    const ingredients = {
      config,
      clock,
      logs: logsOf(log),
      stores,
      // Nothing here is read beside the writer.
      ask: () => new Promise<never>(() => {}),
      upkeep,
      identity: await openIdentity(join(this.folder, 'identity.pem')),
      failureLog: { file: config.auth_log, note: async () => {} },
      passwordCost: { ln: 10, r: 8, p: 1 },
      claimCode: null,
      onClaimed: () => {},
    }
    const parts = makeParts(ingredients)
    const { fleet, orders, roster, sharing } = parts
    const onOwn = (): void => {}
    const { bans, bulk, orders: orderRows, transaction } = stores
    this.#running = {
      storage,
      parts,
      requests: makeOrderRequests({ clock, bans, orders, fleet, sharing, onOwn }),
      bulk: makeBulk({ clock, transaction, bulk, orderRows, orders, roster, fleet, sharing, onOwn }),
      accept: acceptor(ingredients, parts),
    }
  }

  /** Ends it as a power cut does: what was not committed is gone. */
  async stop(): Promise<void> {
    const { storage, parts } = this.running
    this.#running = null
    parts.sharing[Symbol.dispose]()
    // Its timers go with it.
    this.clock = new ManualClock(this.clock.now())
    await storage.close()
  }

  /** As the dashboard does it: a new revision, told, and what is banned already weighed by it. */
  tune(settings: SettingsOverride, node: string | null = null): void {
    const { parts, storage } = this.running
    const layer = node === null ? ({ kind: 'fleet' } as const) : ({ kind: 'node', name: node } as const)
    parts.tuning.append({ by: 'ada', reason: null, base: undefined }, (tuning) =>
      changeTuning(tuning, layer, 'sshd', settings),
    )
    makePublish({ roster: parts.roster, nodes: storage.stores.nodes, tuning: parts.tuning })()
    parts.sharing.lookAgain()
  }

  createJoin(): string {
    return this.running.parts.createJoin(15).join
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isUp) await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The link of the real routes, with a connection in memory in the place of the one of HTTP. */
function acceptor(ingredients: Parameters<typeof addLink>[1], parts: Parts): (wire: Wire) => void {
  let handler: ((socket: unknown, request: unknown) => void) | null = null
  const app = { route: (route: { wsHandler: typeof handler }) => (handler = route.wsHandler) }
  addLink(app as unknown as App, ingredients, parts)
  return (wire) => {
    const raw = new EventEmitter()
    handler?.(wire.server, { raw: { socket: raw }, headers: {}, ip: '192.0.2.250', socket: {} })
  }
}
