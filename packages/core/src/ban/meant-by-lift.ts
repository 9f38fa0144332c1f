import { networkOf } from '../ip/cidr.ts'
import { TargetSet } from '../ip/target-set.ts'
import type { Ban } from './ban.ts'
import { standsForAddresses } from './whole.ts'

type Named = Pick<Ban, 'origin' | 'ip'>

/**
 * Which of some bans a lift of canonical targets means: those that lie in one of them, and those that were made whole for
 * addresses of which a target is one. The work does not grow with the product of both.
 */
export function meantByLift(targets: readonly string[], bans: readonly Named[]): (ban: Named) => boolean {
  const meant = new TargetSet(targets)
  const lengths = new Set(bans.filter(standsForAddresses).map(({ ip }) => Number(ip.split('/')[1])))
  const wholes = new Set(targets.flatMap((ip) => [...lengths].map((length) => networkOf(ip, length))))
  return (ban) => meant.has(ban.ip) || (standsForAddresses(ban) && wholes.has(ban.ip))
}
