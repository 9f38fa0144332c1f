import { isSubnet, networkOf } from '../ip/cidr.ts'
import { TargetSet } from '../ip/target-set.ts'
import type { Ban } from './ban.ts'

type Named = Pick<Ban, 'origin' | 'ip'>

/** Whether a ban is of a prefix that addresses were counted by. One made by hand is lifted by its own name. */
const isPrefix = ({ origin, ip }: Named): boolean =>
  (origin === 'detected' || origin === 'shared') && isSubnet(ip)

/**
 * Which of some bans a lift of canonical targets means: those that lie in one of them, and those of prefixes that a target
 * counts against. The work does not grow with the product of both.
 */
export function meantByLift(targets: readonly string[], bans: readonly Named[]): (ban: Named) => boolean {
  const meant = new TargetSet(targets)
  const lengths = new Set(bans.filter(isPrefix).map(({ ip }) => Number(ip.split('/')[1])))
  const prefixes = new Set(targets.flatMap((ip) => [...lengths].map((length) => networkOf(ip, length))))
  return (ban) => meant.has(ban.ip) || (isPrefix(ban) && prefixes.has(ban.ip))
}
