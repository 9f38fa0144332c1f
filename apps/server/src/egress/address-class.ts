import { contains, parseAddress } from '@warder/core'

/** What kind of network an address belongs to. Only `public` may be asked for something without more ado. */
export type AddressClass = 'public' | 'private' | 'loopback' | 'link-local' | 'special'

/** In order: the first network that holds an address says what it is. */
const NETWORKS: readonly (readonly [network: string, is: AddressClass])[] = [
  ['127.0.0.0/8', 'loopback'],
  ['::1', 'loopback'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  // Carriers' and VPNs' own networks (RFC 6598).
  ['100.64.0.0/10', 'private'],
  ['fc00::/7', 'private'],
  ['fec0::/10', 'private'],
  // Where clouds keep their metadata.
  ['169.254.0.0/16', 'link-local'],
  ['fe80::/10', 'link-local'],
  ['0.0.0.0/8', 'special'],
  ['192.0.0.0/24', 'special'],
  ['192.0.2.0/24', 'special'],
  ['192.88.99.0/24', 'special'],
  ['198.18.0.0/15', 'special'],
  ['198.51.100.0/24', 'special'],
  ['203.0.113.0/24', 'special'],
  ['224.0.0.0/3', 'special'],
  ['2000::/3', 'public'],
  // All of IPv6 that was not given to anybody.
  ['::/0', 'special'],
]
/** Ways of writing IPv4 in IPv6 that a gateway takes back to IPv4, and other tunnels: nobody is reached at them. */
const TUNNELS: readonly string[] = ['2001::/32', '2002::/16', '2001:db8::/32']

/** An address → what it is; null for what is no address. IPv4 written in IPv6 (`::ffff:…`) is taken as IPv4. */
export function classOf(address: string): AddressClass | null {
  const canonical = parseAddress(address.split('%')[0] ?? '')
  if (canonical === null) return null
  if (canonical === 'fd00:ec2::254') return 'link-local'
  if (TUNNELS.some((network) => contains(network, canonical))) return 'special'
  return NETWORKS.find(([network]) => contains(network, canonical))?.[1] ?? 'public'
}
