import type { Ban, Effect, NodeEvent } from '@warder/core'
import type { State } from '../state/state.ts'

/** Writes what effects change in what is remembered of bans, failures and past bans. To be called in a transaction. */
export function remember(state: State, effects: readonly Effect[]): void {
  const bansToPut: Ban[] = []
  const putBans = (): void => state.bans.putAll(bansToPut.splice(0))
  const bans = new Map<string, number>()
  for (const [at, effect] of effects.entries())
    if (effect.kind === 'ban') bans.set(`${effect.ban.jail} ${effect.ban.ip}`, at)
  for (const [at, effect] of effects.entries()) {
    if (effect.kind === 'ban') {
      bansToPut.push(effect.ban)
      state.failures.clear(effect.ban.jail, effect.ban.ip)
      if (effect.then.kind === 'ban.added') state.offences.add(effect.ban.jail, effect.ban.ip, effect.ban.at)
    } else if (effect.kind === 'lift') {
      putBans()
      state.bans.remove(effect.jail, effect.ip)
    } else if (effect.kind === 'record') {
      const { event } = effect
      // Those that the ban behind them takes away again need not be written.
      const isOver = event.kind === 'failure.found' && at < (bans.get(`${event.jail} ${event.ip}`) ?? 0)
      if (event.kind === 'ban.expired') putBans()
      if (!isOver) rememberEvent(state, event)
    }
  }
  putBans()
}

function rememberEvent(state: State, event: NodeEvent): void {
  if (event.kind === 'ban.expired') state.bans.remove(event.jail, event.ip)
  if (event.kind !== 'failure.found') return
  const { jail, ip, failedAt: at, line, user } = event
  state.failures.add(user === undefined ? { jail, ip, at, line } : { jail, ip, at, line, user })
}
