import type { Ban } from '../ban/ban.ts'
import { BLOCKLIST_JAIL, isBuiltInJail, SHARED_JAIL } from '../jail/definition.ts'
import type { Jail } from '../jail/jail.ts'
import { NEVER_WORDS } from '../jail/never.ts'
import type { Effect } from './effect.ts'
import type { Grounds } from './grounds.ts'

/** Who lifts a ban when no operator does. */
const AGENT = 'agent'

const STOPPED = 'the jail was stopped'

/** Why a ban may not stand under a plan, in words; null when it may. */
function objection(ban: Ban, { jails, never }: Grounds): string | null {
  // What deny lists name is sifted as a whole.
  if (ban.jail === BLOCKLIST_JAIL) return null
  const jail = jails.get(ban.jail)
  if (jail === undefined && !isBuiltInJail(ban.jail)) return STOPPED
  const reason = never.reasonFor(ban.ip, jail?.ignoreip)
  return reason === null ? null : `never banned: ${NEVER_WORDS[reason]}`
}

/** Lifts the bans that may not stand: those of jails that do not run, and of addresses that are never banned. */
export function liftForbidden(grounds: Grounds): readonly Effect[] {
  return grounds.bans.all().flatMap((ban): readonly Effect[] => {
    const reason = objection(ban, grounds)
    if (reason === null) return []
    const { jail, ip } = ban
    grounds.bans.delete(jail, ip)
    const lift: Effect = { kind: 'lift', jail, ip, then: { kind: 'ban.lifted', jail, ip, by: AGENT, reason } }
    return reason === STOPPED && ban.from !== undefined ? [lift, ...asGuest(ban, grounds)] : [lift]
  })
}

/** A ban of the cluster holds whether or not its jail runs here. */
function asGuest(shared: Ban, { bans }: Grounds): readonly Effect[] {
  const ban: Ban = { ...shared, jail: SHARED_JAIL }
  const added = bans.add(ban)
  return added === null ? [] : [{ kind: 'ban', ban, then: { kind: added, ban } }]
}

/** The facts of a change of plan: jails that stopped, then jails that started. */
export function jailChanges(
  before: ReadonlyMap<string, Jail>,
  after: ReadonlyMap<string, Jail>,
): readonly Effect[] {
  const stopped = [...before.keys()].filter((name) => !after.has(name))
  const started = [...after.values()].filter((jail) => !before.has(jail.name))
  return [
    ...stopped.map((jail): Effect => ({
      kind: 'record',
      event: { kind: 'jail.stopped', jail, reason: 'it is no longer among the enabled jails' },
    })),
    ...started.map((jail): Effect => ({
      kind: 'record',
      event: { kind: 'jail.started', jail: jail.name, settings: jail.settings },
    })),
  ]
}
