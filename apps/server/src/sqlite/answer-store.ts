import type { EpochMs } from '@warder/core'
import type { Db } from './open.ts'
import type { RevisionAnswer, AnswerStore } from '../tuning/answer-store.ts'

/** What each node said to each revision; kept as long as the revisions are. */
export function answerStore(db: Db): AnswerStore {
  const put = db.prepare<[number, number, EpochMs, string, string | null]>(
    `INSERT INTO revision_answers (revision, node_id, at, state, reason) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (revision, node_id) DO UPDATE SET at = excluded.at, state = excluded.state, reason = excluded.reason`,
  )
  const of = db.prepare<[number], RevisionAnswer>(
    `SELECT nodes.name AS node, at, state, reason FROM revision_answers
     JOIN nodes ON nodes.id = revision_answers.node_id WHERE revision = ?`,
  )
  return {
    put: (revision: number, nodeId: number, { at, state, reason }: Omit<RevisionAnswer, 'node'>) =>
      void put.run(revision, nodeId, at, state, reason),
    of: (revision: number): readonly RevisionAnswer[] => of.all(revision),
  }
}
