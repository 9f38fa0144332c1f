import type { Clock } from '@warder/daemon'
import { makeNote } from './audit/note.ts'
import { auditRoutes } from './audit/routes.ts'
import { makeClaim } from './auth/claim.ts'
import type { FailureLog } from './auth/failure-log.ts'
import { makeFailures } from './auth/failures.ts'
import { guard } from './auth/guard.ts'
import { makeIdentify } from './auth/identify.ts'
import { authRoutes } from './auth/routes.ts'
import { makeSignIn } from './auth/sign-in.ts'
import { makeOrderRequests } from './bans/order-request.ts'
import { makeOrders } from './bans/orders.ts'
import { banRoutes } from './bans/routes.ts'
import type { ServerConfig } from './config/schema.ts'
import { Writer } from './db/writer.ts'
import { makeAdmit } from './enrolment/admit.ts'
import { makeJoin, type NewJoin } from './enrolment/join.ts'
import { enrolmentRoutes } from './enrolment/routes.ts'
import { eventRoutes } from './events/routes.ts'
import type { App } from './http/app.ts'
import { serveAssets, shippedWebRoot } from './http/assets.ts'
import { healthRoute } from './http/health.ts'
import { openApiRoute } from './http/openapi.ts'
import { makeApply } from './ingest/apply.ts'
import { tellPast, type NodePast } from './ingest/history.ts'
import { makeIngest } from './ingest/ingest.ts'
import { jailRoutes } from './jails/routes.ts'
import { makeJailViews } from './jails/views.ts'
import { linkGateway } from './link/gateway.ts'
import type { Identity } from './link/identity.ts'
import { Roster } from './link/roster.ts'
import { Hub } from './live/hub.ts'
import { liveRoutes } from './live/routes.ts'
import type { Logs } from './log.ts'
import { makeFleetNodes } from './nodes/fleet.ts'
import { makeRemoval } from './nodes/removal.ts'
import { nodeRoutes } from './nodes/routes.ts'
import { makeNodeViews } from './nodes/views.ts'
import { startRetention } from './retention/retention.ts'
import type { Stores } from './stores.ts'
import { timelineRoutes } from './timeline/routes.ts'
import { tokenRoutes } from './tokens/routes.ts'
import { makePublish } from './tuning/publish.ts'
import { tuningRoutes } from './tuning/routes.ts'
import { makeTuning } from './tuning/tuning.ts'
import { VERSION } from './version.ts'

/** What the features of a server are joined from. */
export interface Ingredients {
  readonly config: ServerConfig
  readonly clock: Clock
  readonly logs: Logs
  readonly stores: Stores
  readonly identity: Identity
  readonly failureLog: FailureLog
  readonly claimCode: string | null
  onClaimed(): void
}

/** The features, joined to an app; and what is asked of them from outside of it. */
export interface Composed {
  createJoin(minutes: number): NewJoin
  createOperator(name: string, password: string): Promise<void>
  tellPast(past: NodePast): number
  stop(): void
}

/** Joins all features: the one place that knows every part. */
export async function compose(app: App, ingredients: Ingredients): Promise<Composed> {
  const { config, clock, logs, stores, identity } = ingredients
  const {
    transaction,
    bans,
    counters,
    enrolment,
    events,
    nodes,
    operators,
    orders,
    outboxes,
    reports,
    tokens,
  } = stores
  const writer = new Writer(transaction)
  const roster = new Roster()
  const note = makeNote(stores.audit, clock)
  const fleet = makeFleetNodes({ nodes, reports })
  const tuning = makeTuning({ store: stores.tuning, clock })
  const viewParts = { clock, reports, roster, bans, counters, tuning }
  const nodeViews = makeNodeViews(viewParts)
  const jailViews = makeJailViews(viewParts)
  const hub = new Hub({ clock, log: logs.live, nodes, nodeViews, jailViews })
  const ordersToNodes = makeOrders({ clock, orders, roster, transaction })
  const publish = makePublish({ roster, nodes, tuning })
  const ingest = makeIngest({
    clock,
    log: logs.ingest,
    writer,
    outboxes,
    events,
    counters,
    nodes,
    reports,
    apply: makeApply({ bans, orders, reports }),
    onCommitted: (node, committed) => hub.publish(node.id, committed),
    onReported: (node) => hub.touch(node.id),
  })
  const identify = makeIdentify({ operators, tokens, writer, log: logs.auth })
  const failures = makeFailures({ clock, failureLog: ingredients.failureLog })
  const claim = makeClaim({
    clock,
    operators,
    failures,
    transaction,
    code: ingredients.claimCode,
    onClaimed: () => ingredients.onClaimed(),
  })
  const createJoin = (minutes: number): NewJoin =>
    makeJoin({ enrolment, fingerprint: identity.fingerprint }, minutes, clock.now())

  guard(app, { clock, identify, failures, allowedOrigins: config.allowed_origins })
  const signIn = makeSignIn({ operators, failures })
  authRoutes(app, {
    clock,
    operators,
    claim,
    signIn,
    note,
    version: VERSION,
    onSignedOut: () => hub.checkAll(),
  })
  tokenRoutes(app, { clock, tokens, note, onRevoked: () => hub.checkAll() })
  timelineRoutes(app, { clock, bans, events, counters, fleet, roster })
  banRoutes(app, {
    clock,
    list: stores.banList,
    requests: makeOrderRequests({ clock, bans, orders: ordersToNodes, fleet }),
    fleet,
    note,
  })
  eventRoutes(app, { events, fleet })
  const onRemoved = hub.removed.bind(hub)
  const remove = makeRemoval({ clock, transaction, nodes, enrolment, bans, orders, roster, onRemoved })
  nodeRoutes(app, { fleet, views: nodeViews, remove, note })
  enrolmentRoutes(app, { fingerprint: identity.fingerprint, createJoin, note })
  jailRoutes(app, { views: jailViews, fleet })
  const onRevision = (): void => {
    publish()
    hub.touchAll()
  }
  tuningRoutes(app, { store: stores.tuning, tuning, fleet, reports, note, onRevision })
  auditRoutes(app, { audit: stores.audit })
  liveRoutes(app, { clock, log: logs.live, hub, events, nodes, identify })
  linkGateway(app, {
    clock,
    log: logs.link,
    identity,
    roster,
    admit: makeAdmit({ transaction, nodes, enrolment }),
    outboxOf: (nodeId, outbox) => outboxes.open(nodeId, outbox),
    settingsFor: (node) => tuning.wantedFor(node),
    ordersFor: (nodeId) => ordersToNodes.waitingFor(nodeId),
    onEvents: (batch, done) => ingest.take(batch, done),
    onStatus: (node, status) => ingest.report(node, status),
    onPresence(node) {
      const at = clock.now()
      const failed = (err: unknown): void =>
        logs.link.error({ err, node: node.name }, 'a presence could not be noted')
      writer.later(() => nodes.seen(node.id, at), failed)
      hub.touch(node.id)
    },
  })
  openApiRoute(app)
  healthRoute(app, { version: VERSION, isWell: () => operators.count() >= 0 })
  await serveAssets(app, config.web_root ?? shippedWebRoot())
  const retention = startRetention({
    clock,
    log: logs.retention,
    keepDays: config.keep_days,
    events,
    bans,
    orders,
    counters,
    operators,
    enrolment,
  })

  return {
    createJoin,
    createOperator: async (name, password) => void (await claim.createOperator(name, password)),
    tellPast: (past) => tellPast({ transaction, nodes, outboxes, ingest }, past),
    stop() {
      writer.flush()
      hub.stop()
      retention[Symbol.dispose]()
    },
  }
}
