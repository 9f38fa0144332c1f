import type { Ban } from '../ban/ban.ts'
import { parseTarget } from '../ip/cidr.ts'
import { isJailName, SHARED_JAIL } from '../jail/definition.ts'
import { boundText } from '../line/bound.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Effect } from './effect.ts'
import type { Grounds } from './grounds.ts'
import type { SharedBan } from './share.ts'
import { asTold } from './told.ts'

/** Which shares end, and who said so. */
interface Ended {
  readonly shares: ReadonlySet<string>
  readonly by: string
  readonly reason?: string
}

/**
 * Enforces a ban that was made elsewhere, for the rest of its time: in the jail of the same name where it runs here, else
 * for all ports. A ban of our own that lasts as long stays what it is. Whoever is never banned here is not, and it is told.
 */
export function takeShared(shared: SharedBan, grounds: Grounds, now: EpochMs): readonly Effect[] {
  const home = isJailName(shared.from.jail) ? grounds.jails.get(shared.from.jail) : undefined
  const jail = home?.name ?? SHARED_JAIL
  const ip = parseTarget(shared.ip)
  const reason = ip === null ? 'not-an-address' : grounds.never.reasonFor(ip, home?.ignoreip)
  if (ip === null || reason !== null) {
    const told = { jail, ip: ip ?? asTold(shared.ip), reason: reason ?? 'not-an-address' } as const
    const from = boundText(shared.from.nodes.join(', '), 128)
    return [{ kind: 'record', event: { kind: 'ban.refused', ...told, from } }]
  }
  if (shared.until !== null && shared.until <= now) return []
  const ban: Ban = { ...shared, jail, ip, at: Math.min(shared.at, now), origin: 'shared' }
  const added = grounds.bans.add(ban)
  return added === null ? [] : [{ kind: 'ban', ban, then: { kind: added, ban } }]
}

/** Lifts the bans of shares that are to be enforced no longer, and forgets what they were for. */
export function liftShares({ shares, ...ended }: Ended, grounds: Grounds): readonly Effect[] {
  const by = boundText(ended.by, 128)
  const author = ended.reason === undefined ? { by } : { by, reason: boundText(ended.reason, 1_000) }
  return grounds.bans.all().flatMap(({ jail, ip, from }): readonly Effect[] => {
    if (from === undefined || !shares.has(from.share)) return []
    grounds.bans.delete(jail, ip)
    grounds.jails.get(jail)?.forget([ip], grounds)
    grounds.offences.forget([ip], jail)
    return [{ kind: 'lift', jail, ip, then: { kind: 'ban.lifted', jail, ip, ...author } }]
  })
}
