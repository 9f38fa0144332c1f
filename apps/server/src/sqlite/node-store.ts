import type { EpochMs } from '@warder/core'
import type { NodeStatus } from '@warder/protocol'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { NodeRow, StatusRow, AnswerRow, NodeStore, ReportStore } from '../nodes/store.ts'

const COLUMNS =
  'id, name, cluster, enrolled_at AS enrolledAt, last_seen_at AS lastSeenAt, address, removed_at AS removedAt'

/** Nodes, their latest reports and their answers to revisions. */
export function nodeStore(db: Db): NodeStore {
  const present = db.prepare<[], NodeRow>(
    `SELECT ${COLUMNS} FROM nodes WHERE removed_at IS NULL ORDER BY name`,
  )
  const removed = db.prepare<[], NodeRow>(
    `SELECT ${COLUMNS} FROM nodes WHERE removed_at IS NOT NULL ORDER BY name`,
  )
  const byId = db.prepare<[number], NodeRow>(`SELECT ${COLUMNS} FROM nodes WHERE id = ?`)
  const byName = db.prepare<[string], NodeRow>(`SELECT ${COLUMNS} FROM nodes WHERE name = ?`)
  const add = db.prepare<[string, string | null, EpochMs]>(
    'INSERT INTO nodes (name, cluster, enrolled_at) VALUES (?, ?, ?)',
  )
  const enrolled = db.prepare<[EpochMs, number]>(
    'UPDATE nodes SET enrolled_at = ?, removed_at = NULL WHERE id = ?',
  )
  const linked = db.prepare<[string | null, string, EpochMs, number]>(
    'UPDATE nodes SET cluster = ?, address = ?, last_seen_at = ? WHERE id = ?',
  )
  const seen = db.prepare<[EpochMs, number]>('UPDATE nodes SET last_seen_at = ? WHERE id = ?')
  const remove = db.prepare<[EpochMs, number]>('UPDATE nodes SET removed_at = ? WHERE id = ?')
  const forgetStatus = db.prepare<[number]>('DELETE FROM node_statuses WHERE node_id = ?')
  const forgetAnswer = db.prepare<[number]>('DELETE FROM node_answers WHERE node_id = ?')
  return {
    all: (): readonly NodeRow[] => present.all(),
    removed: (): readonly NodeRow[] => removed.all(),
    byId: (id: number): NodeRow | null => byId.get(id) ?? null,
    byName: (name: string): NodeRow | null => byName.get(name) ?? null,
    find(name: string): NodeRow | null {
      const row = byName.get(name)
      return row && row.removedAt === null ? row : null
    },
    add(node: { name: string; cluster: string | null; enrolledAt: EpochMs }): number {
      return Number(add.run(node.name, node.cluster, node.enrolledAt).lastInsertRowid)
    },
    enrolled: (id: number, at: EpochMs) => void enrolled.run(at, id),
    linked: (id: number, link: { cluster: string | null; address: string; at: EpochMs }) =>
      void linked.run(link.cluster, link.address, link.at, id),
    seen: (id: number, at: EpochMs) => void seen.run(at, id),
    remove(id: number, at: EpochMs): void {
      remove.run(at, id)
      forgetStatus.run(id)
      forgetAnswer.run(id)
    },
  }
}

/** The latest report and the latest answer of each node. */
export function reportStore(db: Db): ReportStore {
  type StoredStatus = { nodeId: number; receivedAt: EpochMs; body: string }
  const saveStatus = db.prepare<[number, EpochMs, string]>(
    `INSERT INTO node_statuses (node_id, received_at, body) VALUES (?, ?, ?)
     ON CONFLICT (node_id) DO UPDATE SET received_at = excluded.received_at, body = excluded.body`,
  )
  const STATUS = 'SELECT node_id AS nodeId, received_at AS receivedAt, body FROM node_statuses'
  const status = db.prepare<[number], StoredStatus>(`${STATUS} WHERE node_id = ?`)
  const statuses = db.prepare<[], StoredStatus>(STATUS)
  const saveAnswer = db.prepare<[number, number, string, string | null]>(
    `INSERT INTO node_answers (node_id, revision, state, reason) VALUES (?, ?, ?, ?)
     ON CONFLICT (node_id) DO UPDATE SET revision = excluded.revision, state = excluded.state, reason = excluded.reason`,
  )
  const ANSWER = 'SELECT node_id AS nodeId, revision, state, reason FROM node_answers'
  const answer = db.prepare<[number], AnswerRow>(`${ANSWER} WHERE node_id = ?`)
  const answers = db.prepare<[], AnswerRow>(ANSWER)
  const read = (row: StoredStatus): StatusRow => ({
    nodeId: row.nodeId,
    receivedAt: row.receivedAt,
    status: fromText<NodeStatus>(row.body),
  })
  return {
    saveStatus: (nodeId: number, receivedAt: EpochMs, body: NodeStatus) =>
      void saveStatus.run(nodeId, receivedAt, toText(body)),
    status(nodeId: number): StatusRow | null {
      const row = status.get(nodeId)
      return row ? read(row) : null
    },
    statuses: (): readonly StatusRow[] => statuses.all().map(read),
    saveAnswer: (row: AnswerRow) => void saveAnswer.run(row.nodeId, row.revision, row.state, row.reason),
    answer: (nodeId: number): AnswerRow | null => answer.get(nodeId) ?? null,
    answers: (): readonly AnswerRow[] => answers.all(),
  }
}
