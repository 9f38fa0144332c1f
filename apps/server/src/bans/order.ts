import { MANUAL_JAIL, meantByLift, type EpochMs, type Order } from '@warder/core'
import { LISTS_SINCE } from '@warder/protocol'

const DAY_MS = 86_400_000
/** A ban order that a node did not hear of within this time is not carried out any more. */
export const BAN_ORDER_LIFE_MS = 5 * 60_000
/** For how long a lift waits for a node at most. */
export const LIFT_LIFE_MS = 30 * DAY_MS
/** How long a ban without a jail lasts when nobody says. */
export const MANUAL_BANTIME = 3_600

/** Who orders, when, and why. */
export interface Issue {
  readonly by: string
  readonly reason: string | undefined
  readonly now: EpochMs
}

/** A ban to be ordered: without a jail all ports are shut; without a bantime (seconds) the jail's own holds. */
export interface WantedBan {
  readonly ip: string
  readonly jail: string | undefined
  readonly bantime: number | undefined
}

/** A lift to be ordered; null: every jail. */
export interface WantedLift {
  readonly ip: string
  readonly jail: string | null
}

/** An order that has no number yet. */
type Unnumbered<T> = T extends Order ? Omit<T, 'id'> : never
export type Draft = Unnumbered<Order>

const reasonOf = (reason: string | undefined) => (reason === undefined || reason === '' ? {} : { reason })

/** A wanted ban → the order. It is stale after five minutes, or when the ban itself would have ended. */
export function banOrder(wanted: WantedBan, { by, reason, now }: Issue): Extract<Draft, { kind: 'ban' }> {
  const bantime = wanted.bantime ?? (wanted.jail === undefined ? MANUAL_BANTIME : null)
  const end = bantime === null || bantime < 0 ? Infinity : now + bantime * 1_000
  return {
    kind: 'ban',
    ip: wanted.ip,
    jail: wanted.jail ?? MANUAL_JAIL,
    bantime,
    by,
    ...reasonOf(reason),
    expiresAt: Math.min(end, now + BAN_ORDER_LIFE_MS),
  }
}

/** A wanted lift → the order. Bans made after this moment are not meant. */
export const liftOrder = ({ ip, jail }: WantedLift, { by, reason, now }: Issue): Draft => ({
  kind: 'lift',
  ip,
  jail,
  by,
  ...reasonOf(reason),
  issuedAt: now,
})

/** A wanted ban or lift of many → the order. */
export function manyOrder(
  kind: 'ban' | 'lift',
  ips: readonly string[],
  wanted: Omit<WantedBan, 'ip'>,
  issue: Issue,
): Draft {
  if (kind === 'ban') {
    const { ip: _, ...order } = banOrder({ ...wanted, ip: '' }, issue)
    return { ...order, kind: 'ban-many', ips }
  }
  const { by, reason, now } = issue
  return { kind: 'lift-many', ips, jail: wanted.jail ?? null, by, ...reasonOf(reason), issuedAt: now }
}

/** An order with its times by a clock that is ahead of ours: a node compares them with its own. */
export const byClock = (order: Order, ahead: number): Order =>
  order.kind === 'ban' || order.kind === 'ban-many'
    ? { ...order, expiresAt: order.expiresAt + ahead }
    : { ...order, issuedAt: order.issuedAt + ahead }

/**
 * An order as an agent of a version of the link understands it: older ones get one for each target of many. The last
 * of them has the number of the whole, so it is finished when the whole is; the others have it before a dot.
 */
export function asUnderstood(order: Order, version: number): readonly Order[] {
  if ((order.kind !== 'ban-many' && order.kind !== 'lift-many') || version >= LISTS_SINCE) return [order]
  const last = order.ips.length - 1
  return order.ips.map((ip, at): Order => {
    const id = at === last ? order.id : `${order.id}.${at}`
    if (order.kind === 'ban-many') {
      const { ips: _, ...rest } = order
      return { ...rest, kind: 'ban', id, ip }
    }
    const { ips: _, ...rest } = order
    return { ...rest, kind: 'lift', id, ip }
  })
}

/** The number of the whole that an order is of, as events name it. */
export const wholeOf = (id: string): string => id.split('.')[0] ?? id

/**
 * Until when an order is worth sending. A lift waits as long as it may: a node that is away may have made bans longer, or
 * made others, without having reported it.
 */
export const keepUntil = (draft: Draft, now: EpochMs): EpochMs =>
  draft.kind === 'ban' || draft.kind === 'ban-many' ? draft.expiresAt : now + LIFT_LIFE_MS

/** What is left of orders that wait, oldest first, when no node bans somebody whom a later one of them lifts. */
export function withoutLifted(orders: readonly Order[]): readonly Order[] {
  const lifts: { readonly jail: string | null; readonly means: (ip: string) => boolean }[] = []
  const isLifted = (ip: string, jail: string): boolean =>
    lifts.some((lift) => (lift.jail === null || lift.jail === jail) && lift.means(ip))
  const left = orders.toReversed().flatMap((order): readonly Order[] => {
    switch (order.kind) {
      case 'ban':
        return isLifted(order.ip, order.jail) ? [] : [order]
      case 'ban-many': {
        const ips = order.ips.filter((ip) => !isLifted(ip, order.jail))
        return ips.length === 0 ? [] : [{ ...order, ips }]
      }
      default:
        lifts.push({ jail: order.jail, means: meaningOf(order) })
        return [order]
    }
  })
  return left.toReversed()
}

/** Whom a lift means, of those who are banned by an order. */
function meaningOf(lift: Extract<Order, { kind: 'lift' | 'lift-many' }>): (ip: string) => boolean {
  if (lift.kind === 'lift' && lift.ip === null) return () => true
  const isMeant = meantByLift(lift.kind === 'lift-many' ? lift.ips : [lift.ip ?? ''], [])
  return (ip) => isMeant({ origin: 'operator', ip })
}
