import type { Clock } from '@warder/daemon'
import { serverAlarms } from './alarms/alarms.ts'
import { AlarmBook } from './alarms/book.ts'
import { makeNote } from './audit/note.ts'
import { makeClaim } from './auth/claim.ts'
import type { FailureLog } from './auth/failure-log.ts'
import { makeAccounts } from './auth/accounts.ts'
import { makeFactors } from './auth/factors.ts'
import { makeFailures } from './auth/failures.ts'
import { makeIdentify } from './auth/identify.ts'
import type { Cost } from './auth/password.ts'
import { PRESENT_MS } from './auth/presence.ts'
import { makeSessions } from './auth/sessions.ts'
import { tellPresence } from './auth/tell-presence.ts'
import { BackupSchedule } from './backup/schedule.ts'
import { makeOrders } from './bans/orders.ts'
import type { ServerConfig } from './config/schema.ts'
import type { AskHistory } from './storage/reads.ts'
import { Writer } from './storage/writer.ts'
import { makeEgress } from './egress/egress.ts'
import { readAllowed } from './egress/guard.ts'
import { makeResolve, systemLookup } from './egress/resolve.ts'
import { makeJoin, type NewJoin } from './enrolment/join.ts'
import { openGeo } from './geo/geo.ts'
import { makeApply } from './ingest/apply.ts'
import { makeIngest } from './ingest/ingest.ts'
import { makeJailViews } from './jails/views.ts'
import { ListCourier } from './lists/courier.ts'
import { makeFetchList } from './lists/fetch.ts'
import { Fetching } from './lists/fetching.ts'
import { makeLists } from './lists/lists.ts'
import type { Identity } from './link/identity.ts'
import { Questions } from './link/questions.ts'
import { Roster } from './link/roster.ts'
import { Hub } from './live/hub.ts'
import type { Logs } from './log.ts'
import { freeBytesAt } from './metrics/disk.ts'
import { makeFleetNodes } from './nodes/fleet.ts'
import { makeNodeViews } from './nodes/views.ts'
import { makeNotifications } from './notifications/notifications.ts'
import type { Stores } from './storage/stores.ts'
import type { Upkeep } from './storage/storage.ts'
import { Gathered } from './timeline/gathered.ts'
import { makePanic } from './panic/panic.ts'
import { PreviewRunner } from './preview/run.ts'
import { Indexing } from './retention/indexing.ts'
import { Jails } from './sharing/jails.ts'
import { Sharing } from './sharing/sharing.ts'
import { makeTuning } from './tuning/tuning.ts'
import { VERSION } from './version.ts'

/** What the parts of a server are made from. */
export interface Ingredients {
  readonly config: ServerConfig
  readonly clock: Clock
  readonly logs: Logs
  readonly stores: Stores
  readonly ask: AskHistory
  readonly upkeep: Upkeep
  readonly identity: Identity
  readonly failureLog: FailureLog
  readonly passwordCost: Cost
  readonly claimCode: string | null
  onClaimed(): void
}

/** What alarms of the server itself are told under; nodes are numbered from 1. */
const SERVER = { id: 0, name: 'the server' }

export type Parts = ReturnType<typeof makeParts>

/** Makes the parts that routes and the link share, and joins them to each other. */
export function makeParts(ingredients: Ingredients) {
  const { config, clock, logs, stores, identity, failureLog, claimCode, onClaimed, passwordCost } =
    ingredients
  const { transaction, bans, counters, enrolment, events, nodes, operators, orders, outboxes, reports } =
    stores
  const geo = openGeo(config.geo, logs.server)
  const gathered = new Gathered(counters, geo.countryOf)
  const writer = new Writer(transaction, gathered)
  const roster = new Roster()
  const questions = new Questions({ clock, roster })
  const tuning = makeTuning({ store: stores.tuning, clock })
  const viewParts = { clock, reports, roster, bans, counters, tuning }
  const backups = new BackupSchedule({ clock, log: logs.backup, config })
  const alarms = new AlarmBook({
    clock,
    log: logs.server,
    version: VERSION,
    ask: ingredients.ask,
    nodes,
    reports,
    onEach() {
      const diskFreeBytes = freeBytesAt(config.data_dir)
      const backupProblem = backups.state?.problem ?? null
      notifications.alarmed(SERVER, serverAlarms({ diskFreeBytes, backupProblem }))
    },
    onLooked(node) {
      hub.touch(node.id)
      notifications.alarmed(node, alarms.of(node, reports.status(node.id)))
    },
  })
  const counted = { events: 0, batches: 0 }
  const nodeViews = makeNodeViews({ ...viewParts, alarms: (node, report) => alarms.of(node, report) })
  const jailViews = makeJailViews(viewParts)
  const hub = new Hub({ clock, log: logs.live, nodes, nodeViews, jailViews })
  const resolve = makeResolve({ allowed: readAllowed(config.private_hosts), lookup: systemLookup })
  const egress = makeEgress({ clock, resolve })
  const since = clock.now() - PRESENT_MS
  const presence = tellPresence({ clock, roster, known: stores.sessions.since(since) })
  const sessions = makeSessions({
    clock,
    transaction,
    operators,
    sessions: stores.sessions,
    onEnded(hashes) {
      for (const hash of hashes) presence.presence.left(hash)
      hub.checkAll()
    },
  })
  const courier = new ListCourier({ clock, roster, lists: stores.lists, entries: stores.entries })
  const lists = makeLists({
    clock,
    transaction,
    lists: stores.lists,
    entries: stores.entries,
    present: () => presence.presence.addresses(clock.now()).map(({ ip }) => ip),
    onChanged: () => courier.publish(),
  })
  const fetching = new Fetching({
    clock,
    log: logs.server,
    store: stores.lists,
    lists,
    fetch: makeFetchList(egress),
  })
  const jails = new Jails(reports, tuning)
  const { shares, suspensions } = stores
  const sharing = new Sharing({
    clock,
    log: logs.sharing,
    transaction,
    nodes,
    bans,
    events,
    shares,
    roster,
    jails,
  })
  const notifications = makeNotifications({
    ...stores,
    clock,
    log: logs.notifications,
    roster,
    egress,
    resolve,
    fingerprint: identity.fingerprint,
  })
  const failures = makeFailures({ clock, failureLog, onFailed: notifications.signInFailed })
  const indexing = new Indexing({ clock, log: logs.retention, upkeep: ingredients.upkeep })
  const ingest = makeIngest({
    clock,
    log: logs.ingest,
    writer,
    outboxes,
    events,
    tally: () => gathered.tally,
    nodes,
    reports,
    apply: makeApply({
      bans,
      orders,
      reports,
      answers: stores.answers,
      successes: stores.successes,
      mostAhead: (node) => jails.mostAhead(node),
    }),
    onCommitted(node, committed) {
      indexing.wake()
      counted.events += committed.length
      counted.batches++
      sharing.look(node, committed)
      hub.publish(node.id, committed)
      notifications.happened(committed)
    },
    onReported(node, status) {
      jails.renewed(node.id)
      alarms.reported(node.id, status.outboxDepth)
      hub.touch(node.id)
      courier.reported(node.id, status.lists)
      notifications.reported(node, status)
      notifications.alarmed(node, alarms.of(node, reports.status(node.id)))
    },
  })
  return {
    writer,
    alarms,
    backups,
    geo,
    counted,
    roster,
    questions,
    presence,
    courier,
    lists,
    fetching,
    tuning,
    previews: new PreviewRunner(clock),
    nodeViews,
    jailViews,
    hub,
    failures,
    egress,
    notifications,
    indexing,
    ingest,
    sharing,
    panic: makePanic({ clock, transaction, suspensions, roster }),
    note: makeNote(stores.audit, clock),
    fleet: makeFleetNodes({ nodes, reports }),
    orders: makeOrders({ clock, orders, roster, transaction, mostAhead: (node) => jails.mostAhead(node) }),
    identify: makeIdentify({ sessions: stores.sessions, tokens: stores.tokens, writer, log: logs.auth }),
    sessions,
    accounts: makeAccounts({ clock, transaction, operators, tokens: stores.tokens, sessions }),
    factors: makeFactors({ clock, factors: stores.factors, transaction }),
    claim: makeClaim({ clock, operators, failures, transaction, code: claimCode, onClaimed, passwordCost }),
    createJoin: (minutes: number): NewJoin =>
      makeJoin({ enrolment, fingerprint: identity.fingerprint }, minutes, clock.now()),
  }
}
