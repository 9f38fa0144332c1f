import type { NodeView } from '@warder/protocol/api'
import type { AnswerRow } from './store.ts'

export type RevisionState = NodeView['revision']

/**
 * How a node stands to the newest revision. `running`: the revision that its last report named, which counts as
 * applied also when the event that said so is still on its way.
 */
export function revisionStateOf(
  wanted: number,
  answer: AnswerRow | null,
  running: number | null,
): RevisionState {
  if (answer?.revision === wanted)
    return { wanted, answered: wanted, state: answer.state, reason: answer.reason }
  // Nothing was tuned yet, so there is nothing to answer.
  if (running === wanted || wanted === 0) return { wanted, answered: wanted, state: 'applied', reason: null }
  return { wanted, answered: answer?.revision ?? 0, state: 'pending', reason: null }
}
