import { LOOPBACK, PRIVATE, TargetSet } from '@warder/core'

/**
 * Where a URL of a list may not lead: the machine itself, private and link-local networks (with the addresses at which
 * clouds tell secrets), and what is no single public host. Addresses of IPv6 that stand for IPv4 ones are among them.
 */
const FORBIDDEN = new TargetSet([
  ...LOOPBACK,
  ...PRIVATE,
  '0.0.0.0/8',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  'fec0::/10',
  'ff00::/8',
])

/** Whether the server may fetch a list from an address. What is no address may not be fetched from. */
export const isFetchable = (address: string): boolean =>
  new TargetSet([address]).size === 1 && FORBIDDEN.overlap(address) === null
