import { meantByLift, type Ban, type EpochMs, type NodeEvent, type Ticket } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import { SHARES_MOST, SHARING_SINCE, type Down } from '@warder/protocol'
import type { EventView } from '@warder/protocol/api'
import { randomUUID } from 'node:crypto'
import type { BanStore } from '../bans/store.ts'
import type { Transaction } from '../storage/transaction.ts'
import type { EventStore } from '../events/store.ts'
import type { Roster } from '../link/roster.ts'
import type { NodeStore } from '../nodes/store.ts'
import { decideBan, decideTogether, type Past, type Verdict } from './decide.ts'
import type { Jails, Where } from './jails.ts'
import { Lifted, type Lift } from './lifted.ts'
import { concerns, toMessages } from './messages.ts'
import type { ShareStore } from './store.ts'
import { Together } from './together.ts'

const DAY_MS = 86_400_000
/** For so long a lift wins over bans that are reported late; as long as lifts wait for nodes that are away. */
const LIFTS_KEPT_MS = 30 * DAY_MS
const TIDY_MS = 60_000
/** Failures of the last time that are counted again after a start. */
const MOST_RECALLED = 100_000

export interface SharingParts {
  readonly clock: Clock
  readonly log: Logger
  readonly transaction: Transaction
  readonly nodes: NodeStore
  readonly bans: BanStore
  readonly events: EventStore
  readonly shares: ShareStore
  readonly roster: Roster
  readonly jails: Jails
}

/** What an operator lifts on every node. */
export interface LiftEverywhere {
  readonly ips: readonly string[]
  readonly jail: string | null
  readonly by: string
  readonly reason: string | undefined
  readonly issuedAt: EpochMs
}

/** Where and whom a share is about. */
interface Target {
  readonly cluster: string
  readonly jail: string
  readonly ip: string
}

/** What becomes a share when it is decided so. */
interface Cause {
  readonly nodes: readonly string[]
  readonly policy: string
  readonly ticket?: Ticket | undefined
}

/** The name under which shares of a node's cluster are kept. */
export const clusterOf = ({ cluster }: Pick<Where, 'cluster'>): string => cluster ?? ''

/**
 * Shares bans between the nodes of a cluster, as their jails' policies say, and adds up failures over them. It looks at
 * events once they are history; decisions are made in `decide.ts` and `together.ts`.
 */
export class Sharing implements Disposable {
  readonly #parts: SharingParts
  readonly #together = new Together()
  readonly #lifted: Lifted
  readonly #timer: Disposable
  #longestMs = DAY_MS

  constructor(parts: SharingParts) {
    this.#parts = parts
    this.#lifted = new Lifted(parts.shares.lifts())
    this.#timer = parts.clock.every(TIDY_MS, () => this.#tidy())
    this.#recall()
  }

  /** These events of a node are history now. */
  look(node: Where, events: readonly EventView[]): void {
    const now = this.#parts.clock.now()
    for (const { event } of events) {
      try {
        this.#lookAt(node, event, now)
      } catch (err) {
        this.#parts.log.error({ err, node: node.name }, 'a ban could not be shared')
      }
    }
  }

  /** Policies may have changed: what is banned is weighed anew. */
  lookAgain(): void {
    const { bans, clock, log, nodes } = this.#parts
    const now = clock.now()
    const all = new Map(nodes.all().map((node) => [node.name, node]))
    try {
      // By the clock of its node, which may be behind, one may seem to be over.
      for (const { node: name, ban } of [...bans.detected(now - DAY_MS)]) {
        const node = all.get(name)
        if (node !== undefined) this.#weigh(node, ban, now)
      }
    } catch (err) {
      log.error({ err }, 'bans could not be shared')
    }
  }

  /** Notes that targets are lifted everywhere; what it answers tells the nodes, to be called behind the orders. */
  lift({ ips, jail, by, reason, issuedAt }: LiftEverywhere): () => void {
    const { shares, transaction } = this.#parts
    const lifts = ips.map((ip): Lift => ({ ip, jail, issuedAt }))
    const ended = transaction(() => {
      for (const lift of lifts) shares.addLift(lift)
      const rows = shares.everywhere(issuedAt).filter((row) => jail === null || row.jail === jail)
      const asBan = ({ ip }: (typeof rows)[number]) => ({ origin: 'shared', ip }) as const
      const isMeant = meantByLift(ips, rows.map(asBan))
      const meant = rows.filter((row) => isMeant(asBan(row)))
      for (const row of meant) shares.remove(row)
      return meant
    })
    for (const lift of lifts) this.#lifted.add(lift)
    this.#together.forgetAll(ips, jail)
    const author = reason === undefined || reason === '' ? { by } : { by, reason }
    return () => {
      for (const [cluster, rows] of Map.groupBy(ended, (row) => row.cluster))
        this.#tell(cluster, () => [{ kind: 'unshare', ids: rows.map(({ id }) => id), ...author }])
    }
  }

  /** What a node that comes online is told: first what to enforce, then (behind its orders) the names of all of that. */
  forNode(node: Where): { readonly shares: readonly Down[]; readonly names: readonly Down[] } {
    const { clock, roster, shares } = this.#parts
    if ((roster.versionOf(node.id) ?? 0) < SHARING_SINCE) return { shares: [], names: [] }
    const now = clock.now()
    const rows = shares.inForce(clusterOf(node), now, SHARES_MOST)
    const told = rows.filter((row) => concerns(row, node.id))
    return { shares: toMessages(told, now), names: [{ kind: 'shared', ids: rows.map(({ id }) => id) }] }
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]()
  }

  #lookAt(node: Where, event: NodeEvent, now: EpochMs): void {
    switch (event.kind) {
      case 'failure.found':
        return this.#count(node, event, now)
      case 'ban.added':
      case 'ban.extended':
        return this.#weigh(node, event.ban, now)
      case 'ban.lifted':
        return this.#together.forget(clusterOf(node), event.jail, event.ip)
    }
  }

  #count(node: Where, event: Extract<NodeEvent, { kind: 'failure.found' }>, now: EpochMs): void {
    const { jails, nodes } = this.#parts
    const settings = jails.settingsOf(node, event.jail)
    if (settings?.policy !== 'cluster') return
    const ip = jails.countedAs(node, event.jail, event.ip)
    const target = { cluster: clusterOf(node), jail: event.jail, ip }
    const at = this.#timeOf(node, event.failedAt, now)
    const liftedAt = this.#lifted.lastAt(target.ip, target.jail)
    if (liftedAt !== null && at <= liftedAt) return
    const { jail, line, user } = event
    const failure = user === undefined ? { jail, ip, at, line } : { jail, ip, at, line, user }
    const reached = this.#together.count({ cluster: target.cluster, nodeId: node.id, failure, settings }, now)
    if (reached === null) return
    const { ticket, nodeIds } = reached
    const { policy, bantime } = settings
    const past = this.#pastOf(target, now)
    const verdict = decideTogether({ ticket, nodes: nodeIds.length, policy, bantime, past })
    const names = nodeIds.flatMap((id) => nodes.byId(id)?.name ?? [])
    this.#share(target, verdict, { nodes: names.toSorted(), policy, ticket })
  }

  #weigh(node: Where, ban: Ban, now: EpochMs): void {
    const { jails, shares } = this.#parts
    if (ban.origin !== 'detected') return
    const target = { cluster: clusterOf(node), jail: ban.jail, ip: ban.ip }
    this.#together.forget(target.cluster, ban.jail, ban.ip)
    const settings = jails.settingsOf(node, ban.jail)
    const policy = settings?.policy ?? 'local'
    if (settings === null || policy === 'local') return
    const since = now - settings.findtime * 1_000
    const own = shares
      .own(target.cluster, ban.jail, ban.ip, since - DAY_MS)
      .map((each) => this.#byOurClock({ id: each.nodeId }, each, now))
      .filter(({ until }) => until === null || until > since)
    const made = this.#byOurClock(node, ban, now)
    // History knows since when a ban counts that was made anew while it was in force.
    const at = own.find(({ nodeId }) => nodeId === node.id)?.at ?? made.at
    const verdict = decideBan({ ban: made, at, policy, own, past: this.#pastOf(target, now) })
    const names = verdict.kind === 'share' ? [...new Set(verdict.seen.map((each) => each.node))] : []
    this.#share(target, verdict, { nodes: names.toSorted(), policy, ticket: ban.ticket })
  }

  /** A moment of a node's clock by ours; nothing that is reported was later than now. */
  #timeOf(node: Pick<Where, 'id'>, at: EpochMs, now: EpochMs): EpochMs {
    return Math.min(at - this.#parts.jails.mostAhead(node), now)
  }

  /** A ban with its times by our clock. */
  #byOurClock<T extends Pick<Ban, 'at' | 'until'>>(node: Pick<Where, 'id'>, ban: T, now: EpochMs): T {
    const { at, until } = ban
    const skew = this.#parts.jails.skewOf(node)
    return { ...ban, at: this.#timeOf(node, at, now), until: until === null ? null : until - skew }
  }

  #pastOf({ cluster, jail, ip }: Target, now: EpochMs): Past {
    const found = this.#parts.shares.find(cluster, jail, ip)
    const isInForce = found !== null && (found.until === null || found.until > now)
    const standing = isInForce ? { until: found.until } : null
    return { standing, liftedAt: this.#lifted.lastAt(ip, jail), now }
  }

  #share(target: Target, verdict: Verdict, { nodes, policy, ticket }: Cause): void {
    if (verdict.kind === 'not') return
    const { clock, log, shares, transaction } = this.#parts
    const now = clock.now()
    const { at, until, own } = verdict
    const body = {
      nodes,
      own: own.map(({ nodeId }) => nodeId),
      policy,
      ...(ticket === undefined ? {} : { ticket }),
    }
    const row = transaction(() => {
      const before = shares.find(target.cluster, target.jail, target.ip)
      const isRenewed = before !== null && (before.until === null || before.until > now)
      if (!isRenewed && shares.count(target.cluster, now) >= SHARES_MOST) return null
      shares.put({ id: isRenewed ? before.id : randomUUID(), ...target, at, until, body })
      return shares.find(target.cluster, target.jail, target.ip)
    })
    if (row === null)
      return log.warn({ cluster: target.cluster }, 'too many bans are shared already; this one is not')
    log.info({ ...target, nodes, policy }, 'a ban is shared')
    this.#tell(target.cluster, (nodeId) => (concerns(row, nodeId) ? toMessages([row], now) : []))
  }

  #tell(cluster: string, messages: (nodeId: number) => readonly Down[]): void {
    const { nodes, roster } = this.#parts
    for (const node of nodes.all()) {
      if (clusterOf(node) !== cluster || (roster.versionOf(node.id) ?? 0) < SHARING_SINCE) continue
      for (const message of messages(node.id)) roster.send(node.id, message)
    }
  }

  /** What was counted before a restart is counted again; bans that were not weighed then are weighed now. */
  #recall(): void {
    const { clock, nodes, jails, events } = this.#parts
    const now = clock.now()
    const known = nodes.all()
    // Reading a day's failures is most of what a start takes.
    if (!jails.shareAny(known)) return this.lookAgain()
    const all = new Map(known.map((node) => [node.name, node]))
    for (const { node: name, event } of events.failuresSince(now - DAY_MS, MOST_RECALLED)) {
      const node = all.get(name)
      if (node === undefined || event.kind !== 'failure.found') continue
      const settings = jails.settingsOf(node, event.jail)
      if (settings?.policy !== 'cluster') continue
      this.#longestMs = Math.max(this.#longestMs, settings.findtime * 1_000)
      const at = this.#timeOf(node, event.failedAt, now)
      const { jail, line } = event
      const ip = jails.countedAs(node, jail, event.ip)
      const cluster = clusterOf(node)
      const isOver = at < now - settings.findtime * 1_000 || at <= (this.#lifted.lastAt(ip, jail) ?? 0)
      if (isOver || at <= this.#bannedAt({ cluster, jail, ip }, now)) continue
      this.#together.add({ cluster, nodeId: node.id, failure: { jail, ip, at, line }, settings })
    }
    this.lookAgain()
  }

  /** When a target was last banned: what failed before led to that. 0: not within a day. */
  #bannedAt({ cluster, jail, ip }: Target, now: EpochMs): EpochMs {
    const { shares } = this.#parts
    const own = shares.own(cluster, jail, ip, now - 2 * DAY_MS)
    const made = own.map((each) => this.#byOurClock({ id: each.nodeId }, each, now).at)
    return Math.max(0, shares.find(cluster, jail, ip)?.at ?? 0, ...made)
  }

  #tidy(): void {
    const { clock, shares } = this.#parts
    const now = clock.now()
    this.#together.tidy(now, this.#longestMs)
    this.#lifted.forget(now - LIFTS_KEPT_MS)
    shares.forget(now, now - LIFTS_KEPT_MS)
  }
}
