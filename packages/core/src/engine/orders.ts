import type { Ban } from '../ban/ban.ts'
import { endAfter } from '../ban/ban-time.ts'
import { meantByLift } from '../ban/meant-by-lift.ts'
import { parseTarget } from '../ip/cidr.ts'
import { isJailName, MANUAL_JAIL } from '../jail/definition.ts'
import { DEFAULT_SETTINGS } from '../jail/settings.ts'
import { boundText } from '../line/bound.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Effect } from './effect.ts'
import type { IgnoreReason } from './event.ts'
import type { Grounds } from './grounds.ts'
import type { Order } from './order.ts'
import { asTold } from './told.ts'

type BanOrder = Extract<Order, { kind: 'ban' }>
type BanManyOrder = Extract<Order, { kind: 'ban-many' }>
type LiftOrder = Extract<Order, { kind: 'lift' }>
type LiftManyOrder = Extract<Order, { kind: 'lift-many' }>

const BY_LIMIT = 128
const REASON_LIMIT = 1_000

/** Who gave an order and why, bounded as events want it. */
function authorOf(order: Pick<Order, 'by' | 'reason'>): { by: string; reason?: string } {
  const by = boundText(order.by, BY_LIMIT)
  return order.reason === undefined ? { by } : { by, reason: boundText(order.reason, REASON_LIMIT) }
}

const finished = (order: string, changed: number): Effect => ({
  kind: 'record',
  event: { kind: 'order.finished', order, changed },
})

/** A ban of one target that an order asks for. */
type Wish = Pick<BanOrder, 'id' | 'ip' | 'jail' | 'bantime' | 'by' | 'reason' | 'expiresAt'>

/** A refusal is told of the jail that was meant, unless no jail can have that name. */
function refused(wish: Wish, reason: IgnoreReason): readonly Effect[] {
  const ip = parseTarget(wish.ip) ?? asTold(wish.ip)
  const jail = isJailName(wish.jail) ? wish.jail : MANUAL_JAIL
  return [{ kind: 'record', event: { kind: 'ban.refused', jail, ip, reason, order: wish.id } }]
}

/** The ban of one target, or why it is not made; nothing when it is there already. */
function banOne(wish: Wish, grounds: Grounds, now: EpochMs): readonly Effect[] {
  const jail = grounds.jails.get(wish.jail)
  const ip = parseTarget(wish.ip)
  if (now > wish.expiresAt) return refused(wish, 'order-expired')
  if (ip === null) return refused(wish, 'not-an-address')
  if (jail === undefined && wish.jail !== MANUAL_JAIL) return refused(wish, 'jail-unknown')
  const reason = grounds.never.reasonFor(ip, jail?.ignoreip)
  if (reason !== null) return refused(wish, reason)
  // Only a new ban grows; whoever is banned already is so for bantime from now on.
  const isBanned = grounds.bans.get(wish.jail, ip) !== null
  const length = isBanned ? jail?.settings.bantime : jail?.lengthFor(ip, grounds).bantime
  const bantime = wish.bantime ?? length ?? DEFAULT_SETTINGS.bantime
  const until = endAfter(now, bantime)
  const ban: Ban = { jail: wish.jail, ip, at: now, until, origin: 'operator', ...authorOf(wish) }
  const added = until === null || until > now ? grounds.bans.add(ban) : null
  return added === null ? [] : [{ kind: 'ban', ban, then: { kind: added, ban, order: wish.id } }]
}

const madeBy = (effects: readonly Effect[]): number => effects.filter(({ kind }) => kind === 'ban').length

function carryOutBan(order: BanOrder | BanManyOrder, grounds: Grounds, now: EpochMs): readonly Effect[] {
  const effects =
    order.kind === 'ban'
      ? banOne(order, grounds, now)
      : order.ips.flatMap((ip) => banOne({ ...order, ip }, grounds, now))
  return [...effects, finished(order.id, madeBy(effects))]
}

/** What a lift means: everybody (null), or what lies in these. */
function meantBy(order: LiftOrder | LiftManyOrder): readonly string[] | null {
  if (order.kind === 'lift' && order.ip === null) return null
  const ips = order.kind === 'lift' ? [order.ip ?? ''] : order.ips
  return ips.flatMap((ip) => parseTarget(ip) ?? [])
}

/**
 * Lifts the bans that are meant. One that was made after the order was given is kept, and what a deny list names stays
 * as long as it does.
 */
function carryOutLift(order: LiftOrder | LiftManyOrder, grounds: Grounds): readonly Effect[] {
  const targets = meantBy(order)
  const bans = grounds.bans.all(order.jail ?? undefined)
  const isMeant = targets === null ? () => true : meantByLift(targets, bans)
  const lifted = bans.filter((ban) => ban.origin !== 'list' && ban.at <= order.issuedAt && isMeant(ban))
  for (const ban of lifted) grounds.bans.delete(ban.jail, ban.ip)
  for (const jail of grounds.jails.values())
    if (order.jail === null || order.jail === jail.name) jail.forget(targets, grounds)
  // An address inside a prefix that was lifted with it was counted by that prefix.
  const forgotten = targets === null ? null : [...new Set([...targets, ...lifted.map(({ ip }) => ip)])]
  grounds.offences.forget(forgotten, order.jail)
  const effects = lifted.map(({ jail, ip }): Effect => {
    const then = { kind: 'ban.lifted', jail, ip, ...authorOf(order), order: order.id } as const
    return { kind: 'lift', jail, ip, then }
  })
  return [...effects, finished(order.id, lifted.length)]
}

/**
 * Carries out an operator's order. Its last effect is the one `order.finished` with the number of bans that were
 * made or lifted. A lift also forgets the failures of the address and its past bans, so that
 * the next ones count as the first.
 */
export const carryOut = (order: Order, grounds: Grounds, now: EpochMs): readonly Effect[] =>
  order.kind === 'ban' || order.kind === 'ban-many'
    ? carryOutBan(order, grounds, now)
    : carryOutLift(order, grounds)
