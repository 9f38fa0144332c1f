import type { EpochMs } from '@warder/core'
import type { NodeStatus } from '@warder/protocol'

/** A node of the fleet as history knows it. */
export interface NodeRow {
  readonly id: number
  readonly name: string
  readonly cluster: string | null
  readonly enrolledAt: EpochMs
  readonly lastSeenAt: EpochMs | null
  readonly address: string | null
  readonly removedAt: EpochMs | null
}

/** The latest report of a node, and when it came by the server's clock. */
export interface StatusRow {
  readonly nodeId: number
  readonly receivedAt: EpochMs
  readonly status: NodeStatus
}

/** What a node last answered to a revision. */
export interface AnswerRow {
  readonly nodeId: number
  readonly revision: number
  readonly state: 'applied' | 'refused'
  readonly reason: string | null
}

/** Nodes, their latest reports and their answers to revisions. */
export interface NodeStore {
  /** All that were not removed, by name. */
  all(): readonly NodeRow[]
  removed(): readonly NodeRow[]
  byId(id: number): NodeRow | null
  /** A node by name, also a removed one. */
  byName(name: string): NodeRow | null
  /** A node that is part of the fleet. */
  find(name: string): NodeRow | null
  add(node: { name: string; cluster: string | null; enrolledAt: EpochMs }): number
  /** An agent has enrolled under the node's name; a removed node is back with its history. */
  enrolled(id: number, at: EpochMs): void
  linked(id: number, link: { cluster: string | null; address: string; at: EpochMs }): void
  seen(id: number, at: EpochMs): void
  remove(id: number, at: EpochMs): void
}

/** The latest report and the latest answer of each node. */
export interface ReportStore {
  saveStatus(nodeId: number, receivedAt: EpochMs, body: NodeStatus): void
  status(nodeId: number): StatusRow | null
  statuses(): readonly StatusRow[]
  saveAnswer(row: AnswerRow): void
  answer(nodeId: number): AnswerRow | null
  answers(): readonly AnswerRow[]
}
