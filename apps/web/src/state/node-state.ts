import type { NodeView } from '@warder/protocol/api'
import { formatAgo, formatExact } from '../format/date.ts'
import type { Mark } from '../ui/mark.ts'

export interface StateWords {
  readonly mark: Mark
  readonly word: string
  readonly title: string
}

/** A node's state in words: `online`, `offline for …`, `never connected`. */
export function nodeState(node: NodeView, now: number): StateWords {
  const title = `since ${formatExact(node.since)}`
  switch (node.state) {
    case 'online':
      return { mark: 'good', word: 'online', title }
    case 'offline':
      return { mark: 'gone', word: `offline, seen ${formatAgo(node.lastSeenAt ?? node.since, now)}`, title }
    case 'never-seen':
      return { mark: 'off', word: 'not connected yet', title: `enrolled ${formatExact(node.enrolledAt)}` }
  }
}

/** Whether a node runs the newest settings, in a word. */
export function revisionState(revision: NodeView['revision']): StateWords {
  const { wanted, answered, state, reason } = revision
  switch (state) {
    case 'applied':
      return { mark: 'good', word: 'applied', title: `Revision ${wanted} is applied` }
    case 'pending':
      return {
        mark: 'waiting',
        word: 'pending',
        title: `Revision ${wanted} is on its way; the node runs ${answered}`,
      }
    case 'refused':
      return {
        mark: 'problem',
        word: 'refused',
        title: `Revision ${wanted} was refused: ${reason ?? 'no reason given'}`,
      }
  }
}
