import type { Effect, NodeEvent } from '@warder/core'
import type { State } from '../state/state.ts'

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
