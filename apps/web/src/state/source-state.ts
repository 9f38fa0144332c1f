import type { NodeView } from '@warder/protocol/api'
import type { Mark } from '../ui/mark.ts'
import { english, t } from '../language/t.ts'

type State = NodeView['sources'][number]['state']

const STATES: Readonly<Record<State, { readonly mark: Mark; readonly word: string }>> = {
  reading: { mark: 'good', word: english('reading') },
  // A file that is not there yet is nobody's trouble: a jail that needs it says so itself.
  waiting: { mark: 'off', word: english('waiting') },
  lost: { mark: 'problem', word: english('lost') },
}

/** How a source of a node stands, in a word with its mark. Of a node that is away nothing is said to be well. */
export function sourceState(node: NodeView, state: State): { readonly mark: Mark; readonly word: string } {
  const { mark, word } = STATES[state]
  return { mark: mark === 'good' && node.state !== 'online' ? 'off' : mark, word: t(word) }
}
