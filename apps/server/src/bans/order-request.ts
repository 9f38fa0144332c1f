import type { Clock } from '@warder/daemon'
import type { BanBody, OrderedView } from '@warder/protocol/api'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { nodesFor } from './nodes-for.ts'
import { refuseLockout, type Requester } from './lockout.ts'
import { banOrder, liftOrder, manyOrder, type Issue } from './order.ts'
import type { Orders } from './orders.ts'
import type { BanStore } from './store.ts'
import { targetOf } from './target.ts'

/** Which bans to lift: everywhere, or on one node, or in one jail. */
export interface UnbanWish {
  readonly ips: readonly string[]
  readonly node?: string | undefined
  readonly jail?: string | undefined
  readonly reason?: string | undefined
}

export interface RequestParts {
  readonly clock: Clock
  readonly bans: BanStore
  readonly orders: Orders
  readonly fleet: FleetNodes
  readonly sharing: Pick<Sharing, 'lift'>
  /** Somebody means to ban their own address: it is let alone no longer. Called before the order is sent. */
  onOwn(address: string): void
}

export type OrderRequests = ReturnType<typeof makeOrderRequests>

/** Turns what an operator wants into orders for the nodes concerned. */
export function makeOrderRequests({ clock, bans, orders, fleet, sharing, onOwn }: RequestParts) {
  const issueOf = (by: string, reason: string | undefined): Issue => ({ by, reason, now: clock.now() })

  return {
    /** @throws AppError ip.invalid, ban.refused, ban.self, node.unknown, jail.unknown */
    ban(wish: BanBody, who: Requester): OrderedView {
      const { by } = who
      const ip = targetOf(wish.ip)
      const isOwn = refuseLockout([ip], who)
      const nodes = nodesFor(fleet, wish.nodes, wish.jail)
      const draft = banOrder({ ip, jail: wish.jail, bantime: wish.bantime }, issueOf(by, wish.reason))
      const active = bans.activeInside(ip, clock.now())
      if (isOwn) onOwn(who.address)
      return { ips: [ip], orders: orders.issue([{ draft, nodes }]), bans: active.length }
    },

    /** @throws AppError ip.invalid, node.unknown */
    unban(wish: UnbanWish, by: string): OrderedView {
      const ips = [...new Set(wish.ips.map(targetOf))]
      const nodes = wish.node === undefined ? fleet.all() : [fleet.known(wish.node)]
      const jail = wish.jail ?? null
      const issue = issueOf(by, wish.reason)
      const nodeIds = new Set(nodes.map(({ id }) => id))
      const meant = ips.flatMap((ip) =>
        bans
          .activeInside(ip, issue.now)
          .filter((ban) => (jail === null || ban.jail === jail) && nodeIds.has(ban.nodeId)),
      )
      const concerned = new Set(meant.map((ban) => ban.id))
      const [ip = ''] = ips
      const draft =
        ips.length === 1
          ? liftOrder({ ip, jail }, issue)
          : manyOrder('lift', ips, { jail: wish.jail, bantime: undefined }, issue)
      const lift = { ips, jail, by, reason: wish.reason, issuedAt: issue.now }
      const tellShares = wish.node === undefined ? sharing.lift(lift) : () => {}
      const issued = orders.issue([{ draft, nodes }])
      tellShares()
      return { ips, orders: issued, bans: concerned.size }
    },
  }
}
