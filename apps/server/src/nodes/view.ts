import type { EpochMs } from '@warder/core'
import type { Alarm, NodeView } from '@warder/protocol/api'
import { livenessOf } from './liveness.ts'
import { revisionStateOf } from './revision-state.ts'
import type { AnswerRow, NodeRow, StatusRow } from './store.ts'

/** All that is known of one node. */
export interface NodeFacts {
  readonly node: NodeRow
  readonly onlineSince: EpochMs | null
  readonly report: StatusRow | null
  readonly answer: AnswerRow | null
  readonly wanted: number
  readonly activeBans: number
  readonly failuresLastHour: number
  readonly alarms: Alarm[]
}

/** Facts → what the API and the live stream show of a node. */
export function nodeViewOf(facts: NodeFacts): NodeView {
  const { node, report } = facts
  const status = report?.status ?? null
  return {
    name: node.name,
    cluster: node.cluster,
    ...livenessOf(node, facts.onlineSince),
    lastSeenAt: node.lastSeenAt,
    enrolledAt: node.enrolledAt,
    address: node.address,
    agent: status?.agent ?? null,
    startedAt: status?.startedAt ?? null,
    firewall: status?.firewall ?? null,
    suspended: status?.suspended ?? null,
    enforcement: status?.enforcement ?? null,
    revision: revisionStateOf(facts.wanted, facts.answer, status?.revision ?? null),
    sources: status?.sources ?? [],
    activeBans: facts.activeBans,
    failuresLastHour: facts.failuresLastHour,
    outboxDepth: status?.outboxDepth ?? 0,
    lagMs: status?.lagMs ?? 0,
    rssBytes: status?.rssBytes ?? 0,
    never: status?.never ?? null,
    figures: status?.figures ?? null,
    alarms: facts.alarms,
    clockSkewMs: report ? report.status.at - report.receivedAt : null,
  }
}
