import type { Ban, NodeEvent } from '@warder/core'
import type { BanView, EventView, JailView, NodeView, OverviewView, TimelineView } from '@warder/protocol/api'

/** Views to test with: an ordinary one each, changed by what is given. */
export const NOW = Date.UTC(2026, 10, 20, 14, 3)

const APPLIED = { wanted: 3, answered: 3, state: 'applied', reason: null } as const
const SETTINGS = { enabled: true, maxretry: 5, findtime: 600, bantime: 3_600 }

export const nodeSample = (name: string, over: Partial<NodeView> = {}): NodeView => ({
  name,
  cluster: 'lab',
  state: 'online',
  since: NOW - 3_600_000,
  lastSeenAt: NOW - 1_000,
  enrolledAt: NOW - 86_400_000,
  address: '192.0.2.1',
  agent: '0.1.0',
  startedAt: NOW - 3_600_000,
  firewall: { backend: 'nftables', enforcing: true, reason: 'table inet warder' },
  suspended: null,
  enforcement: null,
  revision: APPLIED,
  sources: [{ id: 'journal', state: 'reading', lines: 10, matches: 2, lastLineAt: NOW, lastMatchAt: NOW }],
  activeBans: 1,
  failuresLastHour: 2,
  outboxDepth: 0,
  lagMs: 3,
  rssBytes: 60_000_000,
  never: null,
  clockSkewMs: 0,
  figures: null,
  alarms: [],
  ...over,
})

export const jailSample = (node: string, jail: string, over: Partial<JailView> = {}): JailView => ({
  node,
  jail,
  filter: jail,
  state: 'running',
  reason: null,
  ports: 'tcp 22',
  sources: ['journal'],
  configured: SETTINGS,
  wanted: SETTINGS,
  effective: SETTINGS,
  layers: {
    enabled: 'configured',
    maxretry: 'configured',
    findtime: 'configured',
    bantime: 'configured',
    policy: 'configured',
  },
  revision: APPLIED,
  ipv6prefix: 64,
  aggregate: null,
  activeBans: 1,
  failuresLastDay: 7,
  local: [],
  lastMatchAt: NOW - 60_000,
  ...over,
})

export const overviewSample: OverviewView = {
  activeBans: 3,
  bannedAddresses: 2,
  failuresLastMinute: 1,
  failuresLastHour: 4,
  failuresLastDay: 14,
  bansToday: 2,
  nodesOnline: 2,
  nodes: 2,
  lastMatchAt: null,
  lastMatchNode: null,
  lastMatchJail: null,
}

export const timelineSample: TimelineView = {
  from: 0,
  to: 400,
  bucketMs: 100,
  buckets: [{ at: 100, node: 'pve1', failures: 2, bans: 1 }],
}

export const banSample = (over: Partial<Ban> = {}): Ban => ({
  jail: 'sshd',
  ip: '203.0.113.9',
  at: NOW,
  until: NOW + 3_600_000,
  origin: 'operator',
  by: 'ada',
  ...over,
})

export const banViewSample = (id: number, over: Partial<BanView> = {}): BanView => ({
  id,
  node: 'pve1',
  jail: 'sshd',
  ip: '203.0.113.9',
  at: NOW - id * 1_000,
  until: NOW + 3_600_000,
  active: true,
  endedAt: null,
  ended: null,
  endedBy: null,
  origin: 'detected',
  by: null,
  reason: null,
  ticket: null,
  from: null,
  why: 'because',
  enforced: null,
  ...over,
})

export const eventSample = (seq: number, event: NodeEvent, over: Partial<EventView> = {}): EventView => ({
  seq,
  node: 'pve1',
  at: NOW,
  // The core's events are readonly; on the wire they are plain.
  event: structuredClone(event) as EventView['event'],
  ...over,
})

export const failureSample = (ip = '203.0.113.9', jail = 'sshd'): NodeEvent => ({
  kind: 'failure.found',
  jail,
  ip,
  failedAt: NOW,
  user: 'root',
  line: 'Failed password for root',
})
