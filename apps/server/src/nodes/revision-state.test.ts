import { describe, expect, it } from 'vitest'
import { revisionStateOf } from './revision-state.ts'

const answer = (revision: number, state: 'applied' | 'refused', reason: string | null = null) => ({
  nodeId: 1,
  revision,
  state,
  reason,
})

describe('how a node stands to the newest revision', () => {
  it.each([
    ['nothing was tuned yet', 0, null, null, { answered: 0, state: 'applied' }],
    ['it did not answer yet', 3, null, 0, { answered: 0, state: 'pending' }],
    ['it answered', 3, answer(3, 'applied'), 2, { answered: 3, state: 'applied' }],
    ['it refused', 3, answer(3, 'refused', 'no'), 2, { answered: 3, state: 'refused', reason: 'no' }],
    [
      'it answered an older one',
      4,
      answer(3, 'refused', 'no'),
      2,
      { answered: 3, state: 'pending', reason: null },
    ],
    ['its report runs it', 4, answer(3, 'applied'), 4, { answered: 4, state: 'applied' }],
    ['it answered one of another history', 1, answer(9, 'applied'), 9, { answered: 9, state: 'pending' }],
  ])('%s', (_name, wanted, given, running, state) => {
    expect(revisionStateOf(wanted, given, running)).toMatchObject({ wanted, ...state })
  })
})
