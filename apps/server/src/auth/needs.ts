import type { Scope } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { pattern } from '../http/route.ts'

/**
 * What a request needs: a scope; `own`: a person, about what is theirs, or a token that may do everything;
 * `self`: a person and no token, about their own account.
 */
export type Need = Scope | 'own' | 'self'

/** A method and a path, in whatever way the path names what varies → one key. */
const keyOf = (method: string, path: string): string => `${method} ${path.replaceAll(/:\w*/g, ':')}`

const at = (method: string, path: string): string => keyOf(method, pattern(path))

/** What each route needs: the one place where that is said. What is open to everybody says so at its route. */
const TABLE: Readonly<Record<Need, readonly string[]>> = {
  read: [
    at('GET', PATHS.overview),
    at('GET', PATHS.timeline),
    at('GET', PATHS.events),
    at('GET', PATHS.bans),
    at('GET', PATHS.addresses),
    at('GET', PATHS.address(':')),
    at('GET', PATHS.countries),
    at('GET', PATHS.insights),
    at('GET', PATHS.bulkOrders),
    at('GET', PATHS.bulkOrder(':')),
    at('GET', PATHS.nodes),
    at('GET', PATHS.node(':')),
    at('GET', PATHS.nodeFilters(':')),
    at('GET', PATHS.nodeHardening(':')),
    at('GET', PATHS.jails),
    at('GET', PATHS.fleetSettings),
    at('GET', PATHS.bansExport),
    at('GET', PATHS.eventsExport),
    at('GET', PATHS.tuning),
    at('GET', PATHS.tuningFleet),
    at('GET', PATHS.tuningCluster(':')),
    at('GET', PATHS.tuningGroup(':')),
    at('GET', PATHS.tuningNode(':')),
    at('GET', PATHS.groups),
    // These two change nothing: they say what would be.
    at('POST', PATHS.tuningDiff),
    at('POST', PATHS.tuningPreview),
    at('GET', PATHS.revisions),
    at('GET', PATHS.revision(':')),
    at('GET', PATHS.lists),
    at('GET', PATHS.list(':')),
    at('GET', PATHS.listEntries(':')),
    // Everybody sees that nobody is told, and how much.
    at('GET', PATHS.silence),
    at('GET', PATHS.live),
  ],
  unban: [at('DELETE', PATHS.ban(':')), at('POST', PATHS.unban)],
  // A bulk order bans or lifts, and is undone by the other of the two: who sends it needs the stronger scope.
  ban: [at('POST', PATHS.bans), at('POST', PATHS.bulkOrders), at('POST', PATHS.undoBulkOrder(':'))],
  tune: [
    at('PUT', PATHS.jailSettings(':')),
    at('PUT', PATHS.nodeJailSettings(':', ':')),
    at('PUT', PATHS.fleetSettings),
    at('PUT', PATHS.tuning),
    at('PUT', PATHS.tuningFleet),
    at('PUT', PATHS.tuningCluster(':')),
    at('PUT', PATHS.tuningGroup(':')),
    at('PUT', PATHS.tuningNode(':')),
    at('PUT', PATHS.group(':')),
    at('DELETE', PATHS.group(':')),
    at('PUT', PATHS.groupJailSettings(':', ':')),
    at('POST', PATHS.restoreRevision(':')),
    at('POST', PATHS.lists),
    at('PATCH', PATHS.list(':')),
    at('DELETE', PATHS.list(':')),
    at('POST', PATHS.listEntries(':')),
    at('DELETE', PATHS.listEntry(':', ':')),
    at('POST', PATHS.listImport(':')),
    at('POST', PATHS.listFetch(':')),
    at('POST', PATHS.allow),
    at('POST', PATHS.panic),
    at('DELETE', PATHS.panic),
    at('POST', PATHS.nodeHardeningFinding(':', ':')),
    at('POST', PATHS.nodeDoctor(':')),
    at('PUT', PATHS.silence),
    at('DELETE', PATHS.silence),
    // Raw lines of a log may hold what is nobody's business who only looks.
    at('GET', PATHS.sourceLines(':', ':')),
    at('GET', PATHS.nodeLog(':')),
  ],
  admin: [
    at('DELETE', PATHS.node(':')),
    at('POST', PATHS.joinCodes),
    // Where notifications go is known to admins alone: who knows it can read along, or write there.
    at('GET', PATHS.topics),
    at('GET', PATHS.channels),
    at('POST', PATHS.channels),
    at('PUT', PATHS.channel(':')),
    at('DELETE', PATHS.channel(':')),
    at('POST', PATHS.channelTest(':')),
    at('GET', PATHS.rules),
    at('POST', PATHS.rules),
    at('PUT', PATHS.rule(':')),
    at('DELETE', PATHS.rule(':')),
    at('GET', PATHS.deliveries),
    at('GET', PATHS.audit),
    at('GET', PATHS.accounts),
    at('POST', PATHS.accounts),
    at('PATCH', PATHS.account(':')),
    at('GET', PATHS.deploys),
    at('POST', PATHS.deploys),
    at('GET', PATHS.deployOffer),
    at('POST', PATHS.deployHostKey),
    at('GET', PATHS.deploy(':')),
    at('DELETE', PATHS.deploy(':')),
    at('DELETE', PATHS.account(':')),
    at('POST', PATHS.accountInvitation(':')),
    at('DELETE', PATHS.accountTotp(':')),
  ],
  own: [at('GET', PATHS.tokens), at('POST', PATHS.tokens), at('DELETE', PATHS.token(':'))],
  self: [
    at('GET', PATHS.ownAccount),
    at('POST', PATHS.ownPassword),
    at('GET', PATHS.ownSessions),
    at('DELETE', PATHS.ownSessions),
    at('DELETE', PATHS.ownSession(':')),
    at('POST', PATHS.ownTotp),
    at('PUT', PATHS.ownTotp),
    at('DELETE', PATHS.ownTotp),
    at('POST', PATHS.ownRecoveryCodes),
  ],
}

const NEEDS: ReadonlyMap<string, Need> = new Map(
  (Object.keys(TABLE) as Need[]).flatMap((need) => TABLE[need].map((key) => [key, need] as const)),
)

/** What a route needs. One that was forgotten here is for admins alone. */
export const needOf = (method: string, path: string | undefined): Need =>
  NEEDS.get(keyOf(method === 'HEAD' ? 'GET' : method, path ?? '')) ?? 'admin'
