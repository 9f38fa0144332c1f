import type { NeverReason } from '@warder/core'
import { t } from '../language/t.ts'

/** Who is never banned, by the reason why: what stands above the addresses. */
export const NEVER_TITLES: Readonly<Record<NeverReason, string>> = {
  loopback: t('Loopback'),
  'own-address': t('Its own addresses'),
  'cluster-member': t('Nodes of the cluster'),
  gateway: t('Gateways'),
  server: t('The server of Warder'),
  proxy: t('Proxies'),
  'local-network': t('Local networks'),
  'private-network': t('Private networks'),
  allowlist: t('Allowed by a list or for a while'),
  operator: t('Operators at the dashboard'),
  ignoreip: 'ignoreip',
}
