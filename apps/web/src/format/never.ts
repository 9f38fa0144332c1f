import type { NeverReason } from '@warder/core'

/** Who is never banned, by the reason why: what stands above the addresses. */
export const NEVER_TITLES: Readonly<Record<NeverReason, string>> = {
  loopback: 'Loopback',
  'own-address': 'Its own addresses',
  'cluster-member': 'Nodes of the cluster',
  gateway: 'Gateways',
  server: 'The server of Warder',
  proxy: 'Proxies',
  'local-network': 'Local networks',
  'private-network': 'Private networks',
  allowlist: 'Allowed by a list or for a while',
  operator: 'Operators at the dashboard',
  ignoreip: 'ignoreip',
}
