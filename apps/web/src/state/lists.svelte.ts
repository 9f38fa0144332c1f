import type { EventView, ImportedView, ListView, ListsView } from '@warder/protocol/api'
import type { Api } from '../api/client.ts'
import { problemFrom, type Problem } from '../api/problem.ts'
import { formatMany } from '../format/count.ts'

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
  return `in force on ${applied} of ${formatMany(nodes.length, 'node')}`
}

/** What became of a text or a fetch, in words. */
export function importWords({ added, removed, kept, duplicates, bad }: ImportedView): string {
  const parts = [
    `${formatMany(added, 'entry', 'entries')} added`,
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(kept > 0 ? [`${kept} there already`] : []),
    ...(duplicates > 0 ? [`${duplicates} twice`] : []),
    ...(bad > 0 ? [`${bad} not understood`] : []),
  ]
  return parts.join(', ')
}

/** Where a list comes from, in a word. */
export const sourceWords = ({ source }: ListView): string =>
  source === null ? 'by hand' : `fetched every ${source.hours === 1 ? 'hour' : `${source.hours} h`}`
