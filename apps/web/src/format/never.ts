import type { NeverReason } from '@warder/core'
import type { NodeView } from '@warder/protocol/api'
import { english, t } from '../language/t.ts'

const TITLES: Readonly<Record<NeverReason, string>> = {
  loopback: english('Loopback'),
  'own-address': english('Its own addresses'),
  'cluster-member': english('Nodes of the cluster'),
  gateway: english('Gateways'),
  server: english('The server of Warder'),
  proxy: english('Proxies'),
  'local-network': english('Local networks'),
  'private-network': english('Private networks'),
  allowlist: english('Allowed by a list or for a while'),
  operator: english('Operators at the dashboard'),
  ignoreip: 'ignoreip',
}

/** Who is never banned, by the reason why: what stands above the addresses. */
export const neverTitle = (reason: NeverReason): string => t(TITLES[reason])

/** How many addresses and networks a node never bans. */
export const neverCount = ({ groups }: NonNullable<NodeView['never']>): number =>
  groups.reduce((sum, { total }) => sum + total, 0)
