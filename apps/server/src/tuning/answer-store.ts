import type { EpochMs } from '@warder/core'
import type { Db } from '../db/open.ts'

/** What a node last said to a revision. */
export interface RevisionAnswer {
  readonly node: string
  readonly at: EpochMs
  readonly state: 'applied' | 'refused'
  readonly reason: string | null
}

export type AnswerStore = ReturnType<typeof answerStore>

/** What each node said to each revision; kept as long as the revisions are. */
export function answerStore(db: Db) {
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
