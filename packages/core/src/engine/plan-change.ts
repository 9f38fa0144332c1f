import type { Ban } from '../ban/ban.ts'
import { BLOCKLIST_JAIL, MANUAL_JAIL } from '../jail/definition.ts'
import type { Jail } from '../jail/jail.ts'
import type { NeverReason } from '../jail/ignore.ts'
import type { Effect } from './effect.ts'
import type { Grounds } from './grounds.ts'

/** Who lifts a ban when no operator does. */
const AGENT = 'agent'

const WORDS: Readonly<Record<NeverReason, string>> = {
  ignoreip: 'ignoreip names it',
  'own-address': 'it is an address of this node',
  loopback: 'it is loopback',
  'private-network': 'it is in a private network',
  allowlist: 'an allow list names it',
  operator: 'an operator is at the dashboard from there',
}

/** Why a ban may not stand under a plan, in words; null when it may. */
function objection(ban: Ban, { jails, never }: Grounds): string | null {
  // What deny lists name is sifted as a whole.
  if (ban.jail === BLOCKLIST_JAIL) return null
  const jail = jails.get(ban.jail)
  if (jail === undefined && ban.jail !== MANUAL_JAIL) return 'the jail was stopped'
  const reason = never.reasonFor(ban.ip, jail?.ignoreip)
  return reason === null ? null : `never banned: ${WORDS[reason]}`
}

/** Lifts the bans that may not stand: those of jails that do not run, and of addresses that are never banned. */
export function liftForbidden(grounds: Grounds): readonly Effect[] {
  return grounds.bans.all().flatMap((ban): readonly Effect[] => {
    const reason = objection(ban, grounds)
    if (reason === null) return []
    const { jail, ip } = ban
    grounds.bans.delete(jail, ip)
    return [{ kind: 'lift', jail, ip, then: { kind: 'ban.lifted', jail, ip, by: AGENT, reason } }]
  })
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
