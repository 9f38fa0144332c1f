import type { Ban, Effect, Engine, EpochMs, NodeEvent, Offence, Plan } from '@warder/core'
import type { PendingEffect } from '../state/pending.ts'
import type { State } from '../state/state.ts'

/** Gives an engine that has seen nothing what was known before a restart, and its plan → what follows from it. */
export function recover(engine: Engine, state: State, plan: Plan, now: EpochMs): readonly Effect[] {
  const restored = engine.step(
    {
      kind: 'restore',
      bans: state.bans.all('without evidence'),
      failures: state.failures.all(),
      offences: state.offences.all(),
    },
    now,
  )
  const planned = engine.step({ kind: 'plan', plan }, now)
  return [...restored, ...planned]
}

/**
 * The events of actions that waited for the firewall, once it holds what is wanted. A ban that ended or was lifted
 * while it waited was never in force, so nothing is told of it.
 */
export function agreedAtLast(pending: readonly PendingEffect[], bans: readonly Ban[]): readonly NodeEvent[] {
  const wanted = new Map(bans.map((ban) => [`${ban.jail} ${ban.ip}`, ban]))
  return pending
    .filter(
      (effect) =>
        effect.kind === 'lift' || wanted.get(`${effect.ban.jail} ${effect.ban.ip}`)?.at === effect.ban.at,
    )
    .map((effect) => effect.then)
}

/** What is not known yet of somebody's past bans by a jail. */
export const missingOf = (past: Offence, known: number): readonly Offence[] =>
  past.bans > known ? [{ ...past, bans: past.bans - known }] : []
