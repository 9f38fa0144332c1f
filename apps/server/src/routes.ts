import type { Down } from '@warder/protocol'
import { auditRoutes } from './audit/routes.ts'
import { guard } from './auth/guard.ts'
import { authRoutes } from './auth/routes.ts'
import { makeSignIn } from './auth/sign-in.ts'
import type { Principal } from './auth/principal.ts'
import { makeBulk } from './bans/bulk.ts'
import { bulkRoutes } from './bans/bulk-routes.ts'
import { makeOrderRequests } from './bans/order-request.ts'
import { banRoutes } from './bans/routes.ts'
import { makeAdmit } from './enrolment/admit.ts'
import { enrolmentRoutes } from './enrolment/routes.ts'
import { eventRoutes } from './events/routes.ts'
import { exportRoutes } from './export/routes.ts'
import { keepAnswers } from './idempotency/hook.ts'
import { filterRoutes } from './filters/routes.ts'
import type { App } from './http/app.ts'
import { docsRoute } from './http/docs-page.ts'
import { healthRoute } from './http/health.ts'
import { openApiRoute } from './http/openapi.ts'
import { jailRoutes } from './jails/routes.ts'
import { linkGateway } from './link/gateway.ts'
import { listRoutes } from './lists/routes.ts'
import { liveRoutes } from './live/routes.ts'
import { panicRoutes } from './panic/routes.ts'
import { makeRemoval } from './nodes/removal.ts'
import { nodeRoutes } from './nodes/routes.ts'
import { channelRoutes } from './notifications/channel-routes.ts'
import { ruleRoutes } from './notifications/rule-routes.ts'
import type { Ingredients, Parts } from './parts.ts'
import { previewRoutes } from './preview/routes.ts'
import { allowedNow } from './lists/allowed.ts'
import { dataFiles } from './config/paths.ts'
import { timelineRoutes } from './timeline/routes.ts'
import { tokenRoutes } from './tokens/routes.ts'
import { makeCommit } from './tuning/commit.ts'
import { documentRoutes } from './tuning/document-routes.ts'
import { makePublish } from './tuning/publish.ts'
import { revisionRoutes } from './tuning/revision-routes.ts'
import { tuningRoutes } from './tuning/routes.ts'
import { VERSION } from './version.ts'

/** Adds every path that operators, scripts and browsers use; the guard stands before all of them. */
export function addRoutes(
  app: App,
  { config, clock, logs, stores, identity }: Ingredients,
  parts: Parts,
): void {
  const { bans, counters, enrolment, events, nodes, operators, tokens, transaction } = stores
  const { identify, failures, claim, note, hub, fleet, roster, tuning, createJoin, notifications } = parts
  const { presence } = parts.presence
  const checkAll = (): void => hub.checkAll()
  const onOwn = (address: string): void => presence.waive(address)

  guard(app, {
    clock,
    identify,
    failures,
    allowedOrigins: config.allowed_origins,
    onSeen: (principal, address) => presence.seen(principal, address, clock.now()),
  })
  keepAnswers(app, { clock, keys: stores.keys })
  const signIn = makeSignIn({ operators, failures })
  const onSignedOut = (session: string): void => {
    presence.left(session)
    checkAll()
  }
  authRoutes(app, { clock, operators, claim, signIn, note, version: VERSION, onSignedOut })
  tokenRoutes(app, { clock, tokens, note, onRevoked: checkAll })
  timelineRoutes(app, { clock, bans, events, counters, fleet, roster })
  const requests = makeOrderRequests({
    clock,
    bans,
    orders: parts.orders,
    fleet,
    sharing: parts.sharing,
    onOwn,
  })
  banRoutes(app, { clock, list: stores.banList, requests, fleet, enforcementOf: fleet.enforcementOf, note })
  const { enforcementOf } = fleet
  exportRoutes(app, { clock, list: stores.banList, events, fleet, enforcementOf })
  const bulk = makeBulk({
    clock,
    transaction,
    bulk: stores.bulk,
    orderRows: stores.orders,
    orders: parts.orders,
    roster,
    fleet,
    onOwn,
  })
  bulkRoutes(app, { bulk, note })
  listRoutes(app, {
    clock,
    store: stores.lists,
    entries: stores.entries,
    lists: parts.lists,
    fetching: parts.fetching,
    fleet,
    reports: stores.reports,
    roster,
    note,
  })
  eventRoutes(app, { events, fleet })
  const remove = makeRemoval({
    clock,
    transaction,
    nodes,
    enrolment,
    bans,
    orders: stores.orders,
    roster,
    onRemoved(node) {
      hub.removed(node)
      notifications.removed(node.id)
    },
  })
  panicRoutes(app, { clock, panic: parts.panic, fleet, note })
  nodeRoutes(app, { fleet, views: parts.nodeViews, remove, note })
  enrolmentRoutes(app, { fingerprint: identity.fingerprint, createJoin, note })
  filterRoutes(app, { clock, fleet, questions: parts.questions, note })
  jailRoutes(app, { views: parts.jailViews, fleet })
  const publish = makePublish({ roster, nodes, tuning })
  const onRevision = (): void => {
    publish()
    parts.sharing.lookAgain()
    hub.touchAll()
  }
  const { reports } = stores
  const commit = makeCommit({ clock, events, reports, tuning, note, onRevision })
  tuningRoutes(app, { tuning, fleet, commit })
  documentRoutes(app, { tuning, fleet, commit })
  const { tuning: revisions, answers } = stores
  revisionRoutes(app, { tuning, store: revisions, answers, fleet, reports, commit })
  const allowed = (): readonly string[] => allowedNow(stores, clock.now())
  previewRoutes(app, {
    clock,
    runner: parts.previews,
    historyFile: dataFiles(config.data_dir).history,
    tuning,
    fleet,
    reports,
    signedInSince: stores.audit.signedInSince,
    allowed,
  })
  channelRoutes(app, { ...stores, clock, notifications, note })
  ruleRoutes(app, { ...stores, notifications, note })
  auditRoutes(app, { audit: stores.audit })
  const onStill = (principal: Principal): void => presence.still(principal, clock.now())
  liveRoutes(app, { clock, log: logs.live, hub, events, nodes, identify, onStill })
  openApiRoute(app)
  docsRoute(app)
  healthRoute(app, { version: VERSION, isWell: () => operators.count() >= 0 })
}

/** Adds the link, on which agents dial in. */
export function addLink(app: App, { clock, logs, stores, identity }: Ingredients, parts: Parts): void {
  const { enrolment, nodes, outboxes, transaction } = stores
  const { hub, ingest, orders, panic, questions, roster, sharing, tuning, writer } = parts
  const admit = makeAdmit({ transaction, nodes, enrolment, audit: stores.audit })
  linkGateway(app, {
    clock,
    log: logs.link,
    identity,
    roster,
    admit,
    outboxOf: (nodeId, outbox) => outboxes.open(nodeId, outbox),
    settingsFor: (node) => tuning.wantedFor(node),
    onWelcome(nodeId) {
      parts.courier.linked(nodeId)
      parts.presence.welcome(nodeId)
    },
    // Shares before orders: a lift on this node alone is about what is shared too. Their names come last.
    messagesFor(node, version) {
      const { shares, names } = sharing.forNode(node)
      const waiting = orders.waitingFor(node.id, version).map((order): Down => ({ kind: 'order', order }))
      return [...panic.forNode(node), ...shares, ...waiting, ...names]
    },
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
