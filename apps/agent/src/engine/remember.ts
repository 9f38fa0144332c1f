import {
  isSubnet,
  OFFENCES_LAST_MS,
  type Ban,
  type Effect,
  type EpochMs,
  type JailDefinition,
  type NodeEvent,
  type Order,
} from '@warder/core'
import type { State } from '../state/state.ts'

const ORDERS_KEPT_MS = 7 * 86_400_000

/** Writes what effects change in what is remembered of bans, failures and past bans. To be called in a transaction. */
export function remember(state: State, effects: readonly Effect[]): void {
  const bansToPut: Ban[] = []
  const putBans = (): void => state.bans.putAll(bansToPut.splice(0))
  const banned = bannedIn(effects)
  // Those of before; what comes in front of a ban here is not written at all.
  for (const [jail, ips] of banned)
    state.failures.clearAll(
      jail,
      [...ips.keys()].filter((ip) => !isSubnet(ip)),
    )
  for (let at = 0; at < effects.length; at++) {
    const effect = effects[at]
    if (effect?.kind === 'ban') {
      bansToPut.push(effect.ban)
      if (isSubnet(effect.ban.ip)) state.failures.clear(effect.ban.jail, effect.ban.ip)
    } else if (effect?.kind === 'lift') {
      putBans()
      state.bans.remove(effect.jail, effect.ip)
    } else if (effect?.kind === 'record') {
      const { event } = effect
      // Those that the ban behind them takes away again need not be written.
      const isOver = event.kind === 'failure.found' && at < (banned.get(event.jail)?.get(event.ip) ?? 0)
      if (event.kind === 'ban.expired') putBans()
      if (!isOver) rememberEvent(state, event)
    }
  }
  putBans()
  state.offences.add(
    effects.flatMap((effect) =>
      effect.kind === 'ban' && effect.then.kind === 'ban.added' ? [effect.ban] : [],
    ),
  )
}

/** By jail who is banned, and by which effect at last. */
function bannedIn(effects: readonly Effect[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const jails = new Map<string, Map<string, number>>()
  for (let at = 0; at < effects.length; at++) {
    const effect = effects[at]
    if (effect?.kind !== 'ban') continue
    const { jail, ip } = effect.ban
    const ips = jails.get(jail)
    if (ips === undefined) jails.set(jail, new Map([[ip, at]]))
    else ips.set(ip, at)
  }
  return jails
}

function rememberEvent(state: State, event: NodeEvent): void {
  if (event.kind === 'ban.expired') state.bans.remove(event.jail, event.ip)
  if (event.kind !== 'failure.found') return
  const { jail, ip, failedAt: at, line, user } = event
  state.failures.add(user === undefined ? { jail, ip, at, line } : { jail, ip, at, line, user })
}

/** Forgets what can no longer matter. To be called in a transaction. */
export function forget(state: State, jails: readonly JailDefinition[], now: EpochMs): void {
  for (const { name, settings } of jails) state.failures.prune(name, now - settings.findtime * 1_000)
  state.failures.trim(jails.map(({ name }) => name))
  state.orders.prune(now - ORDERS_KEPT_MS)
  state.offences.prune(now - OFFENCES_LAST_MS)
  state.packs.tidy()
}

/** Forgets the failures and past bans of whom an order lifted, and of nobody for others. To be called in a transaction. */
export function forgetLifted(state: State, order: Order, effects: readonly Effect[]): void {
  if (order.kind !== 'lift' && order.kind !== 'lift-many') return
  const single = order.kind === 'lift' && order.ip !== null ? [order.ip] : null
  const meant = order.kind === 'lift-many' ? order.ips : single
  // An address inside a prefix that was lifted with it was counted by that prefix.
  const lifted = effects.flatMap((effect) => (effect.kind === 'lift' ? [effect.ip] : []))
  const forgotten = meant === null ? null : [...new Set([...meant, ...lifted])]
  state.failures.forget(forgotten, order.jail)
  state.offences.forget(forgotten, order.jail)
}
