import { PATHS } from '@warder/protocol/paths'
import { pattern } from './route.ts'

const layer = { jails: { sshd: { maxretry: 3, findtime: 600 } }, reason: 'a storm', confirmWithin: 60 }

const channel = {
  kind: 'ntfy',
  name: 'ops',
  settings: { server: 'https://ntfy.example', topic: 'warder' },
  secrets: { token: 'tk_example' },
}
const rule = {
  topics: ['node-lost', 'disk-low'],
  severity: 'warning',
  channels: [1],
  pace: 'attack',
  quiet: { from: '22:00', to: '06:00', critical: true },
  zone: 'Europe/Berlin',
}

/** Bodies as they are sent, by method and pattern of the route; a test holds each to its schema. */
export const EXAMPLES: Readonly<Record<string, object>> = {
  [`POST ${PATHS.session}`]: { name: 'ada', password: 'correct horse battery', code: '492039' },
  [`POST ${PATHS.claim}`]: { code: 'K7QF-2M9X', name: 'ada', password: 'correct horse battery' },
  [`POST ${PATHS.invitation}`]: {
    code: 'the part behind the # of the link',
    password: 'correct horse battery',
  },
  [`POST ${PATHS.ownPassword}`]: { current: 'correct horse battery', password: 'another horse entirely' },
  [`POST ${PATHS.ownTotp}`]: { password: 'correct horse battery' },
  [`PUT ${PATHS.ownTotp}`]: { code: '492039' },
  [`DELETE ${PATHS.ownTotp}`]: { password: 'correct horse battery' },
  [`POST ${PATHS.ownRecoveryCodes}`]: { password: 'correct horse battery' },
  [`POST ${PATHS.accounts}`]: { name: 'bob', role: 'operator' },
  [`PATCH ${pattern(PATHS.account(':id'))}`]: { role: 'viewer' },
  [`POST ${pattern(PATHS.nodeHardeningFinding(':node', ':finding'))}`]: { action: 'apply' },
  [`POST ${pattern(PATHS.nodeDoctor(':node'))}`]: { jail: 'sshd' },
  [`PATCH ${pattern(PATHS.list(':list'))}`]: { note: 'seen in the logs of every day' },
  [`POST ${pattern(PATHS.listEntries(':list'))}`]: { ip: '198.51.100.0/24', note: 'scans', for: 86_400 },
  [`POST ${pattern(PATHS.listImport(':list'))}`]: {
    text: '198.51.100.7\n203.0.113.0/24 # a net',
    mode: 'add',
  },
  [`POST ${pattern(PATHS.listFetch(':list'))}`]: { confirm: '192.0.2.10' },
  [`POST ${PATHS.channels}`]: channel,
  [`PUT ${pattern(PATHS.channel(':id'))}`]: { ...channel, enabled: false },
  [`POST ${PATHS.rules}`]: rule,
  [`PUT ${pattern(PATHS.rule(':id'))}`]: { ...rule, pace: 'hourly' },
  [`PUT ${PATHS.silence}`]: { seconds: 3_600, critical: false },
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
  [`POST ${PATHS.deployHostKey}`]: { host: '192.0.2.12' },
  [`POST ${PATHS.deploys}`]: {
    host: '192.0.2.12',
    signIn: { kind: 'password', password: 'the password of root' },
    hostKey: 'SHA256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg',
  },
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
