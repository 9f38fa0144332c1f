import type { EpochMs } from '@warder/core'

/** What a node last said to a revision. */
export interface RevisionAnswer {
  readonly node: string
  readonly at: EpochMs
  readonly state: 'applied' | 'refused'
  readonly reason: string | null
}

/** What each node said to each revision; kept as long as the revisions are. */
export interface AnswerStore {
  put(revision: number, nodeId: number, answer: Omit<RevisionAnswer, 'node'>): void
  of(revision: number): readonly RevisionAnswer[]
}
