import type { EventView } from '@warder/protocol/api'
import type { Api } from '../../../api/client.ts'
import { Pages } from '../../../state/pages.svelte.ts'

const PAGE = 50
/** After so many events that came live the list begins anew: a page that stays open does not grow for ever. */
const MOST_LIVE = 400

/** What happened on a node, newest first, kept true by the live stream. */
export class NodeLog {
  readonly pages: Pages<EventView>
  /** Each event once: one that came late is both live and on an older page. */
  readonly events = $derived.by(() => [...new Map(this.pages.rows.map((view) => [view.seq, view])).values()])
  readonly #node: string
  #live = 0

  /** Reads at once. */
  constructor(api: Api, node: string) {
    this.#node = node
    this.pages = new Pages((cursor) => api.events({ node, cursor, limit: PAGE }))
  }

  /** Takes events of the live stream. */
  receive(events: readonly EventView[]): void {
    const mine = events.filter(({ node }) => node === this.#node)
    if (mine.length === 0 || this.pages.status !== 'ready') return
    this.#live += mine.length
    if (this.#live <= MOST_LIVE) return this.pages.prepend(mine.toReversed())
    if (this.pages.busy) return
    this.#live = 0
    void this.pages.begin()
  }
}
