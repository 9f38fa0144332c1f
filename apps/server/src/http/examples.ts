import { PATHS } from '@warder/protocol/paths'
import { pattern } from './route.ts'

const layer = { jails: { sshd: { maxretry: 3, findtime: 600 } }, reason: 'a storm', confirmWithin: 60 }

/** Bodies as they are sent, by method and pattern of the route; a test holds each to its schema. */
export const EXAMPLES: Readonly<Record<string, object>> = {
  [`POST ${PATHS.bans}`]: { ip: '203.0.113.9', bantime: 3_600, reason: 'ticket 4711' },
  [`POST ${PATHS.unban}`]: { ips: ['203.0.113.9', '198.51.100.0/24'], reason: 'it was us' },
  [`POST ${PATHS.bulkOrders}`]: { kind: 'ban', ips: ['203.0.113.9', '198.51.100.0/24'], bantime: 86_400 },
  [`POST ${PATHS.allow}`]: { ip: '203.0.113.60', note: 'the monitoring' },
  [`POST ${PATHS.lists}`]: {
    name: 'scanners',
    kind: 'deny',
    url: 'https://lists.example/scanners.txt',
    hours: 6,
  },
  [`POST ${PATHS.panic}`]: { seconds: 600, reason: 'locked out' },
  [`POST ${PATHS.tokens}`]: { name: 'deploy', scopes: ['read', 'unban'], days: 90 },
  [`POST ${PATHS.joinCodes}`]: { minutes: 15 },
  [`PUT ${pattern(PATHS.jailSettings(':jail'))}`]: { maxretry: 3, bantime: null, reason: 'a storm' },
  [`PUT ${pattern(PATHS.nodeJailSettings(':node', ':jail'))}`]: { maxretry: 3, confirmWithin: 60 },
  [`PUT ${PATHS.fleetSettings}`]: { filterLocalNetworks: true },
  [`PUT ${PATHS.tuning}`]: {
    document: {
      fleet: { sshd: { maxretry: 4 } },
      clusters: { prod: {} },
      nodes: { pve1: { sshd: { bantime: -1 } } },
    },
  },
  [`PUT ${PATHS.tuningFleet}`]: layer,
  [`PUT ${pattern(PATHS.tuningCluster(':cluster'))}`]: layer,
  [`PUT ${pattern(PATHS.tuningNode(':node'))}`]: layer,
  [`PUT ${pattern(PATHS.tuningGroup(':group'))}`]: layer,
  [`PUT ${pattern(PATHS.group(':group'))}`]: { nodes: ['pve1', 'pve3'], reason: 'they face the internet' },
  [`PUT ${pattern(PATHS.groupJailSettings(':group', ':jail'))}`]: { maxretry: 3, confirmWithin: 60 },
  [`POST ${PATHS.tuningDiff}`]: { kind: 'layer', layer: { kind: 'fleet' }, jails: { sshd: { maxretry: 3 } } },
  [`POST ${PATHS.tuningPreview}`]: { jail: 'sshd', maxretry: 3, findtime: 3_600, days: 7 },
  [`POST ${pattern(PATHS.restoreRevision(':revision'))}`]: { reason: 'it banned a colleague' },
}
