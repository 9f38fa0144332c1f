import type { Down } from '@warder/protocol'
import { auditRoutes } from './audit/routes.ts'
import { guard } from './auth/guard.ts'
import { accountRoutes } from './auth/account-routes.ts'
import { ownRoutes } from './auth/own-routes.ts'
import { makeCallProxmox } from './auth/proxmox/call.ts'
import { makeProxmoxSignIn } from './auth/proxmox/sign-in.ts'
import { authRoutes } from './auth/routes.ts'
import { makeSignIn } from './auth/sign-in.ts'
import type { Principal } from './auth/principal.ts'
import { makeBulk } from './bans/bulk.ts'
import { bulkRoutes } from './bans/bulk-routes.ts'
import { makeOrderRequests } from './bans/order-request.ts'
import { banRoutes } from './bans/routes.ts'
import { sshAgentSocket } from './config/ssh-agent.ts'
import { makeHostFiles } from './deploy/host-files.ts'
import { Jobs } from './deploy/jobs.ts'
import { makeOffer } from './deploy/offer.ts'
import { deployRoutes } from './deploy/routes.ts'
import { makeSeen } from './deploy/seen.ts'
import { shippedPackage, type ShippedPackage } from './deploy/shipped.ts'
import { makeAdmit } from './enrolment/admit.ts'
import { enrolmentRoutes } from './enrolment/routes.ts'
import { eventRoutes } from './events/routes.ts'
import { exportRoutes } from './export/routes.ts'
import { keepAnswers } from './idempotency/hook.ts'
import { careRoutes } from './care/routes.ts'
import { filterRoutes } from './filters/routes.ts'
import type { App } from './http/app.ts'
import { docsRoute } from './http/docs-page.ts'
import { healthRoute } from './http/health.ts'
import { openApiRoute } from './http/openapi.ts'
import { jailRoutes } from './jails/routes.ts'
import { linkGateway } from './link/gateway.ts'
import { listRoutes } from './lists/routes.ts'
import { liveRoutes } from './live/routes.ts'
import { freeBytesAt } from './metrics/disk.ts'
import { metricRoutes } from './metrics/routes.ts'
import { panicRoutes } from './panic/routes.ts'
import { makeRemoval } from './nodes/removal.ts'
import { nodeRoutes } from './nodes/routes.ts'
import { channelRoutes } from './notifications/channel-routes.ts'
import { ruleRoutes } from './notifications/rule-routes.ts'
import { silenceRoutes } from './notifications/silence-routes.ts'
import type { Ingredients, Parts } from './parts.ts'
import { previewRoutes } from './preview/routes.ts'
import { allowedNow } from './lists/allowed.ts'
import { insightRoutes } from './insights/routes.ts'
import { timelineRoutes } from './timeline/routes.ts'
import { tokenRoutes } from './tokens/routes.ts'
import { makeCommit } from './tuning/commit.ts'
import { documentRoutes } from './tuning/document-routes.ts'
import { groupRoutes } from './tuning/group-routes.ts'
import { makePublish } from './tuning/publish.ts'
import { revisionRoutes } from './tuning/revision-routes.ts'
import { tuningRoutes } from './tuning/routes.ts'
import { VERSION } from './version.ts'

/** How long a deployment may take until its node enrols. */
const JOIN_MINUTES = 15

/** Adds every path that operators, scripts and browsers use; the guard stands before all of them. */
export function addRoutes(
  app: App,
  { config, clock, logs, stores, ask, upkeep, identity, passwordCost }: Ingredients,
  parts: Parts,
): void {
  const { bans, enrolment, events, nodes, operators, tokens, transaction } = stores
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
  const { accounts, factors, sessions } = parts
  const signIn = makeSignIn({
    clock,
    operators,
    sessions: stores.sessions,
    factors,
    failures,
    passwordCost,
  })
  const login = config.proxmox_login
  const proxmox =
    login === undefined
      ? null
      : {
          realms: login.realms,
          signIn: makeProxmoxSignIn({
            clock,
            call: makeCallProxmox({ clock, login }),
            transaction,
            operators,
            sessions,
            failures,
          }),
        }
  authRoutes(app, { operators, accounts, sessions, failures, claim, signIn, proxmox, note, version: VERSION })
  ownRoutes(app, { clock, accounts, factors, failures, sessions, note })
  accountRoutes(app, { accounts, factors, note })
  tokenRoutes(app, { clock, tokens, note, onRevoked: checkAll })
  timelineRoutes(app, { clock, ask, fleet, roster, geo: parts.geo })
  insightRoutes(app, { clock, ask, geo: parts.geo })
  const requests = makeOrderRequests({
    clock,
    bans,
    orders: parts.orders,
    fleet,
    sharing: parts.sharing,
    onOwn,
  })
  banRoutes(app, { clock, ask, geo: parts.geo, requests, fleet, enforcementOf: fleet.enforcementOf, note })
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
    sharing: parts.sharing,
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
  eventRoutes(app, { ask, fleet })
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
  const seen = makeSeen({ clock, fleet, roster, reports: stores.reports })
  const shipped = (): ShippedPackage | null => shippedPackage(config.agent_packages)
  const hostFiles = makeHostFiles(config.pve_dir)
  const jobs = new Jobs({
    clock,
    shipped,
    sshAgent: sshAgentSocket,
    createJoin: () => createJoin(JOIN_MINUTES).join,
    seen,
    forget: (node, by) => (nodes.find(node) === null ? undefined : remove(fleet.known(node), by)),
    onEnded: ({ id, kind, host, state, node }, by) =>
      stores.audit.add({
        at: clock.now(),
        actor: by,
        address: 'local',
        action: 'node.deploy-end',
        target: host,
        after: { id, kind, state, node },
      }),
  })
  const offer = makeOffer({ fleet, reports: stores.reports, shipped, sshAgent: sshAgentSocket, hostFiles })
  deployRoutes(app, { jobs, offer, hostFiles, fleet, note })
  enrolmentRoutes(app, { fingerprint: identity.fingerprint, createJoin, note })
  careRoutes(app, { clock, fleet, questions: parts.questions, note })
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
  groupRoutes(app, { tuning, fleet, commit })
  const { tuning: revisions, answers } = stores
  revisionRoutes(app, { tuning, store: revisions, answers, fleet, reports, commit })
  const allowed = (): readonly string[] => allowedNow(stores, clock.now())
  previewRoutes(app, {
    clock,
    runner: parts.previews,
    ask,
    dataDir: config.data_dir,
    tuning,
    fleet,
    reports,
    signedInSince: stores.audit.signedInSince,
    allowed,
  })
  channelRoutes(app, { ...stores, clock, notifications, note })
  ruleRoutes(app, { ...stores, notifications, note })
  silenceRoutes(app, { clock, notifications, note })
  auditRoutes(app, { audit: stores.audit })
  const onStill = (principal: Principal): void => presence.still(principal, clock.now())
  liveRoutes(app, { clock, log: logs.live, hub, events, nodes, identify, onStill })
  openApiRoute(app)
  metricRoutes(app, {
    facts: () => ({
      version: VERSION,
      nodes: fleet.all().map(parts.nodeViews.of),
      counted: parts.counted,
      room: upkeep.room(),
      rssBytes: process.memoryUsage.rss(),
      cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1_000_000,
      diskFreeBytes: freeBytesAt(config.data_dir),
      backupAt: parts.backups.state?.latestAt ?? null,
    }),
  })
  healthRoute(app, { version: VERSION, isWell: () => upkeep.isWell() })
  docsRoute(app)
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
