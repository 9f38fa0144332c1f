import { familyOf, isSubnet, networkOf } from '../ip/cidr.ts'
import type { Ban } from './ban.ts'

/** How many leading bits neighbours have in common. */
const NEIGHBOURHOOD = { 4: 24, 6: 56 } as const

/**
 * The neighbourhood of a canonical address or IPv6 prefix: `192.0.2.7` → `192.0.2.0/24`, `2001:db8:1:2::/64` →
 * `2001:db8:1::/56`. Null for what is as wide already.
 */
export function neighbourhoodOf(ip: string): string | null {
  const network = networkOf(ip, NEIGHBOURHOOD[familyOf(ip)])
  return network === ip ? null : network
}

/** What a jail bans whole by itself: IPv6 prefixes that addresses count by, and neighbourhoods. */
export const isWhole = (ip: string): boolean =>
  isSubnet(ip) && (familyOf(ip) === 6 || ip.endsWith(`/${NEIGHBOURHOOD[4]}`))

/** Whether a ban was made for addresses inside of it. One made by hand means exactly what it names. */
export const standsForAddresses = ({ origin, ip }: Pick<Ban, 'origin' | 'ip'>): boolean =>
  (origin === 'detected' || origin === 'shared') && isWhole(ip)
