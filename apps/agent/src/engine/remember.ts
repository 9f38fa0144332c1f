import {
  OFFENCES_LAST_MS,
  type Effect,
  type EpochMs,
  type JailDefinition,
  type NodeEvent,
} from '@warder/core'
import type { State } from '../state/state.ts'

const ORDERS_KEPT_MS = 7 * 86_400_000

/** Writes what effects change in what is remembered of bans, failures and past bans. To be called in a transaction. */
export function remember(state: State, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.kind === 'ban') {
      state.bans.put(effect.ban)
      state.failures.clear(effect.ban.jail, effect.ban.ip)
      if (effect.then.kind === 'ban.added') state.offences.add(effect.ban.jail, effect.ban.ip, effect.ban.at)
    } else if (effect.kind === 'lift') {
      state.bans.remove(effect.jail, effect.ip)
    } else if (effect.kind === 'record') rememberEvent(state, effect.event)
  }
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
}
