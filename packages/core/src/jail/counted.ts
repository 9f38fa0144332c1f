import { networkOf } from '../ip/cidr.ts'

/** Who is in the way of a ban: whether nobody in a canonical address or subnet is protected. */
export interface Bannable {
  for(target: string): string | null
}

/**
 * Whom a failure of an address is counted against: an IPv6 address stands for its prefix, since whoever has one has all of
 * it. A prefix that holds somebody who is never banned is not banned whole: there the address stands for itself.
 */
export function countedAs(ip: string, prefix: number, reasons: Bannable): string {
  if (prefix >= 128 || !ip.includes(':') || ip.includes('/')) return ip
  const network = networkOf(ip, prefix)
  return reasons.for(network) === null ? network : ip
}
