import type { EventView, ImportedView, ListView, ListsView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'
import { n, t } from '../language/t.ts'

const NONE: ListsView = { revision: 0, lists: [], nodes: [] }

/** The allow and deny lists, and how nodes stand to them. */
export class Lists {
  value = $state.raw<ListsView>(NONE)
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state.raw<Problem | null>(null)
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  async load(): Promise<void> {
    try {
      this.value = await this.#api.lists()
      this.status = 'ready'
      this.problem = null
    } catch (error) {
      this.problem = problemFrom(error)
      if (this.status === 'loading') this.status = 'failed'
    }
  }

  /** Nodes say when they have the newest lists. */
  receive(events: readonly EventView[]): void {
    if (this.status === 'ready' && events.some(({ event }) => event.kind === 'lists.applied'))
      void this.load()
  }
}

/** On how many of the nodes the newest lists are in force. */
export function standingWords({ nodes, lists }: ListsView): string {
  if (nodes.length === 0 || lists.length === 0) return ''
  const applied = nodes.filter((node) => node.state === 'applied').length
  return n(
    nodes.length,
    'Lists in force on {applied} of {count} node',
    'Lists in force on {applied} of {count} nodes',
    {
      applied,
    },
  )
}

/** What became of a text or a fetch, in words. */
export function importWords({ added, removed, kept, duplicates, bad }: ImportedView): string {
  const parts = [
    n(added, '{count} entry added', '{count} entries added'),
    ...(removed > 0 ? [n(removed, '{count} removed', '{count} removed')] : []),
    ...(kept > 0 ? [n(kept, '{count} there already', '{count} there already')] : []),
    ...(duplicates > 0 ? [n(duplicates, '{count} twice', '{count} twice')] : []),
    ...(bad > 0 ? [n(bad, '{count} not understood', '{count} not understood')] : []),
  ]
  return parts.join(', ')
}

/** Where a list comes from, in a word. */
export const sourceWords = ({ source }: ListView): string =>
  source === null ? t('by hand') : n(source.hours, 'fetched every hour', 'fetched every {count} h')
