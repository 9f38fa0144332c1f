import type { NodeView } from '@warder/protocol/api'
import { formatAgo, formatExact } from '../format/date.ts'
import type { Mark } from '../ui/mark.ts'
import { t } from '../language/t.ts'

export interface StateWords {
  readonly mark: Mark
  readonly word: string
  readonly title: string
}

/** A node's state in words: `online`, `offline for …`, `never connected`. */
export function nodeState(node: NodeView, now: number): StateWords {
  const title = t('since {since}', { since: formatExact(node.since) })
  switch (node.state) {
    case 'online':
      return { mark: 'good', word: t('online'), title }
    case 'offline':
      return {
        mark: 'gone',
        word: t('offline, seen {lastSeenAt}', { lastSeenAt: formatAgo(node.lastSeenAt ?? node.since, now) }),
        title,
      }
    case 'never-seen':
      return {
        mark: 'off',
        word: t('not connected yet'),
        title: t('enrolled {enrolledAt}', { enrolledAt: formatExact(node.enrolledAt) }),
      }
  }
}

/** Whether a node runs the newest settings, in a word. */
export function revisionState(revision: NodeView['revision']): StateWords {
  const { wanted, answered, state, reason } = revision
  switch (state) {
    case 'applied':
      return {
        mark: 'good',
        word: t('applied'),
        title: t('Revision {wanted} is applied', { wanted: String(wanted) }),
      }
    case 'pending':
      return {
        mark: 'waiting',
        word: t('pending'),
        title: t('Revision {wanted} is on its way; the node runs {answered}', {
          wanted: String(wanted),
          answered: String(answered),
        }),
      }
    case 'refused':
      return {
        mark: 'problem',
        word: t('refused'),
        title: t('Revision {wanted} was refused: {reason}', {
          wanted: String(wanted),
          reason: reason ?? t('no reason given'),
        }),
      }
  }
}
