import type { Ban } from '../ban/ban.ts'
import { endAfter } from '../ban/ban-time.ts'
import { contains, isSubnet, parseTarget } from '../ip/cidr.ts'
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
type LiftOrder = Extract<Order, { kind: 'lift' }>

const BY_LIMIT = 128
const REASON_LIMIT = 1_000

/** Who gave an order and why, bounded as events want it. */
function authorOf(order: Order): { by: string; reason?: string } {
  const by = boundText(order.by, BY_LIMIT)
  return order.reason === undefined ? { by } : { by, reason: boundText(order.reason, REASON_LIMIT) }
}

const finished = (order: string, changed: number): Effect => ({
  kind: 'record',
  event: { kind: 'order.finished', order, changed },
})

/** A refusal is told of the jail that was meant, unless no jail can have that name. */
function refused(order: BanOrder, reason: IgnoreReason): readonly Effect[] {
  const ip = parseTarget(order.ip) ?? asTold(order.ip)
  const jail = isJailName(order.jail) ? order.jail : MANUAL_JAIL
  const event = { kind: 'ban.refused', jail, ip, reason, order: order.id } as const
  return [{ kind: 'record', event }, finished(order.id, 0)]
}

function carryOutBan(order: BanOrder, grounds: Grounds, now: EpochMs): readonly Effect[] {
  const jail = grounds.jails.get(order.jail)
  const ip = parseTarget(order.ip)
  if (now > order.expiresAt) return refused(order, 'order-expired')
  if (ip === null) return refused(order, 'not-an-address')
  if (jail === undefined && order.jail !== MANUAL_JAIL) return refused(order, 'jail-unknown')
  const reason = grounds.never.reasonFor(ip, jail?.ignoreip)
  if (reason !== null) return refused(order, reason)
  const bantime = order.bantime ?? jail?.lengthFor(ip, grounds).bantime ?? DEFAULT_SETTINGS.bantime
  const until = endAfter(now, bantime)
  const ban: Ban = { jail: order.jail, ip, at: now, until, origin: 'operator', ...authorOf(order) }
  const added = until === null || until > now ? grounds.bans.add(ban) : null
  if (added === null) return [finished(order.id, 0)]
  return [{ kind: 'ban', ban, then: { kind: added, ban, order: order.id } }, finished(order.id, 1)]
}

/** Whether a lift means a ban. One that was made after the order was given is kept. */
const means = (order: LiftOrder, target: string | null, ban: Ban): boolean =>
  ban.at <= order.issuedAt && (target === null || contains(target, ban.ip) || standsFor(ban, target))

/** Whether a ban is that of the prefix that the failures of an address count against. One made by hand is lifted by its own name. */
const standsFor = ({ origin, ip }: Ban, target: string): boolean =>
  origin === 'detected' && isSubnet(ip) && contains(ip, target)

function carryOutLift(order: LiftOrder, grounds: Grounds): readonly Effect[] {
  const target = order.ip === null ? null : parseTarget(order.ip)
  if (order.ip !== null && target === null) return [finished(order.id, 0)]
  const lifted = grounds.bans.all(order.jail ?? undefined).filter((ban) => means(order, target, ban))
  for (const ban of lifted) grounds.bans.delete(ban.jail, ban.ip)
  for (const jail of grounds.jails.values()) {
    if (order.jail === null || order.jail === jail.name) jail.forget(target, grounds)
  }
  for (const each of new Set([target, ...lifted.map(({ ip }) => ip)]))
    grounds.offences.forget(each, order.jail)
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
  order.kind === 'ban' ? carryOutBan(order, grounds, now) : carryOutLift(order, grounds)
