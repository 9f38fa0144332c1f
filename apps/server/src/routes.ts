import { auditRoutes } from './audit/routes.ts'
import { guard } from './auth/guard.ts'
import { authRoutes } from './auth/routes.ts'
import { makeSignIn } from './auth/sign-in.ts'
import { makeOrderRequests } from './bans/order-request.ts'
import { banRoutes } from './bans/routes.ts'
import { makeAdmit } from './enrolment/admit.ts'
import { enrolmentRoutes } from './enrolment/routes.ts'
import { eventRoutes } from './events/routes.ts'
import { filterRoutes } from './filters/routes.ts'
import type { App } from './http/app.ts'
import { healthRoute } from './http/health.ts'
import { openApiRoute } from './http/openapi.ts'
import { jailRoutes } from './jails/routes.ts'
import { linkGateway } from './link/gateway.ts'
import { liveRoutes } from './live/routes.ts'
import { makeRemoval } from './nodes/removal.ts'
import { nodeRoutes } from './nodes/routes.ts'
import type { Ingredients, Parts } from './parts.ts'
import { timelineRoutes } from './timeline/routes.ts'
import { tokenRoutes } from './tokens/routes.ts'
import { asSpoken, makePublish } from './tuning/publish.ts'
import { tuningRoutes } from './tuning/routes.ts'
import { VERSION } from './version.ts'

/** Adds every path that operators, scripts and browsers use; the guard stands before all of them. */
export function addRoutes(
  app: App,
  { config, clock, logs, stores, identity }: Ingredients,
  parts: Parts,
): void {
  const { bans, counters, enrolment, events, nodes, operators, tokens, transaction } = stores
  const { identify, failures, claim, note, hub, fleet, roster, tuning, createJoin } = parts
  const checkAll = (): void => hub.checkAll()

  guard(app, { clock, identify, failures, allowedOrigins: config.allowed_origins })
  const signIn = makeSignIn({ operators, failures })
  authRoutes(app, { clock, operators, claim, signIn, note, version: VERSION, onSignedOut: checkAll })
  tokenRoutes(app, { clock, tokens, note, onRevoked: checkAll })
  timelineRoutes(app, { clock, bans, events, counters, fleet, roster })
  const requests = makeOrderRequests({ clock, bans, orders: parts.orders, fleet })
  banRoutes(app, { clock, list: stores.banList, requests, fleet, note })
  eventRoutes(app, { events, fleet })
  const remove = makeRemoval({
    clock,
    transaction,
    nodes,
    enrolment,
    bans,
    orders: stores.orders,
    roster,
    onRemoved: (node) => hub.removed(node),
  })
  nodeRoutes(app, { fleet, views: parts.nodeViews, remove, note })
  enrolmentRoutes(app, { fingerprint: identity.fingerprint, createJoin, note })
  filterRoutes(app, { clock, fleet, questions: parts.questions, note })
  jailRoutes(app, { views: parts.jailViews, fleet })
  const publish = makePublish({ roster, nodes, tuning })
  const onRevision = (): void => {
    publish()
    hub.touchAll()
  }
  tuningRoutes(app, { store: stores.tuning, tuning, fleet, reports: stores.reports, note, onRevision })
  auditRoutes(app, { audit: stores.audit })
  liveRoutes(app, { clock, log: logs.live, hub, events, nodes, identify })
  openApiRoute(app)
  healthRoute(app, { version: VERSION, isWell: () => operators.count() >= 0 })
}

/** Adds the link, on which agents dial in. */
export function addLink(app: App, { clock, logs, stores, identity }: Ingredients, parts: Parts): void {
  const { enrolment, nodes, outboxes, transaction } = stores
  const { hub, ingest, orders, questions, roster, tuning, writer } = parts
  const admit = makeAdmit({ transaction, nodes, enrolment, audit: stores.audit })
  linkGateway(app, {
    clock,
    log: logs.link,
    identity,
    roster,
    admit,
    outboxOf: (nodeId, outbox) => outboxes.open(nodeId, outbox),
    settingsFor: (node, version) => asSpoken(tuning.wantedFor(node), version),
    ordersFor: (nodeId) => orders.waitingFor(nodeId),
    onEvents: (batch, done) => ingest.take(batch, done),
    onStatus: (node, status) => ingest.report(node, status),
    onAnswer: (node, id, answer) => questions.answered(node.id, id, answer),
    onPresence(node) {
      questions.look(node)
      const at = clock.now()
      const failed = (err: unknown): void =>
        logs.link.error({ err, node: node.name }, 'a presence could not be noted')
      writer.later(() => nodes.seen(node.id, at), failed)
      hub.touch(node.id)
    },
  })
}
