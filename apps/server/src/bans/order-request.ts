import { contains, isLoopback, MANUAL_JAIL, parseTarget } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { BanBody, OrderedView } from '@warder/protocol/api'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { NodeRow } from '../nodes/store.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { banOrder, liftOrder, type Issue } from './order.ts'
import type { Orders } from './orders.ts'
import type { BanStore } from './store.ts'

/** Who asks for an order, and from where. */
export interface Requester {
  readonly by: string
  readonly address: string
}

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
}

/** Text → canonical target. @throws AppError ip.invalid */
export function targetOf(text: string): string {
  const target = parseTarget(text.trim())
  if (target === null) throw new AppError('ip.invalid', `"${text}" is neither an address nor a subnet.`)
  return target
}

/** Bans that would shut out the server itself or whoever asks are mistakes. */
function refuseSelf(target: string, address: string): void {
  if (isLoopback(target) || contains(target, '127.0.0.1') || contains(target, '::1')) {
    throw new AppError('ban.refused', `${target} is the machine itself.`)
  }
  if (contains(target, address))
    throw new AppError('ban.self', `${target} holds ${address}, the address you come from.`)
}

export type OrderRequests = ReturnType<typeof makeOrderRequests>

/** Turns what an operator wants into orders for the nodes concerned. */
export function makeOrderRequests({ clock, bans, orders, fleet, sharing }: RequestParts) {
  const issueOf = (by: string, reason: string | undefined): Issue => ({ by, reason, now: clock.now() })

  /** The nodes of a ban: those named, or all that have the jail. */
  const nodesFor = (names: readonly string[] | undefined, jail: string | undefined): readonly NodeRow[] => {
    const nodes = names === undefined ? fleet.all() : [...new Set(names)].map((name) => fleet.known(name))
    if (jail === undefined || jail === MANUAL_JAIL) return nodes
    const having = nodes.filter((node) => fleet.hasJail(node.id, jail))
    const lacking = nodes.find((node) => !having.includes(node))
    if (having.length === 0 || (names !== undefined && lacking)) {
      throw new AppError(
        'jail.unknown',
        lacking ? `${lacking.name} has no jail "${jail}".` : `No node has a jail "${jail}".`,
      )
    }
    return having
  }

  return {
    /** @throws AppError ip.invalid, ban.refused, ban.self, node.unknown, jail.unknown */
    ban(wish: BanBody, { by, address }: Requester): OrderedView {
      const ip = targetOf(wish.ip)
      refuseSelf(ip, address)
      const nodes = nodesFor(wish.nodes, wish.jail)
      const draft = banOrder({ ip, jail: wish.jail, bantime: wish.bantime }, issueOf(by, wish.reason))
      const active = bans.activeInside(ip, clock.now())
      return { ips: [ip], orders: orders.issue([{ draft, nodes, bans: [] }]), bans: active.length }
    },

    /** @throws AppError ip.invalid, node.unknown */
    unban(wish: UnbanWish, by: string): OrderedView {
      const ips = [...new Set(wish.ips.map(targetOf))]
      const nodes = wish.node === undefined ? fleet.all() : [fleet.known(wish.node)]
      const jail = wish.jail ?? null
      const issue = issueOf(by, wish.reason)
      const dispatches = ips.map((ip) => {
        const meant = bans
          .activeInside(ip, issue.now)
          .filter((ban) => (jail === null || ban.jail === jail) && nodes.some(({ id }) => id === ban.nodeId))
        return { draft: liftOrder({ ip, jail }, issue), nodes, bans: meant }
      })
      const concerned = new Set(dispatches.flatMap((dispatch) => dispatch.bans.map((ban) => ban.id)))
      const lift = { ips, jail, by, reason: wish.reason, issuedAt: issue.now }
      const tellShares = wish.node === undefined ? sharing.lift(lift) : () => {}
      const issued = orders.issue(dispatches)
      tellShares()
      return { ips, orders: issued, bans: concerned.size }
    },
  }
}
