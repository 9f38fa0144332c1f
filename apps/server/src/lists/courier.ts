import type { Clock } from '@warder/daemon'
import { LISTS_SINCE, type ListsPart, type ListsStatus } from '@warder/protocol'
import type { Roster } from '../link/roster.ts'
import { partsOf } from './parts.ts'
import type { EntryStore } from './entry-store.ts'
import type { ListStore } from './store.ts'

/** A node that still has other lists after so long is sent them again. */
const AGAIN_MS = 60_000

export interface CourierParts {
  readonly clock: Clock
  readonly roster: Roster
  readonly lists: ListStore
  readonly entries: EntryStore
}

/** What was sent on the link that a node has now. */
interface Sent {
  readonly stamp: string
  readonly at: number
}

/**
 * Sends the lists to nodes whose report says that they have others: after a change, after they were away, after the
 * server's history came back from a backup.
 */
export class ListCourier {
  readonly #parts: CourierParts
  readonly #sent = new Map<number, Sent>()
  #ready: { readonly stamp: string; readonly parts: readonly ListsPart[] } | null = null

  constructor(parts: CourierParts) {
    this.#parts = parts
  }

  /** The lists are different from now on: every node that is online gets them. */
  publish(): void {
    for (const nodeId of this.#parts.roster.nodes) this.#send(nodeId)
  }

  /** A node has a new link: what was sent on the one before may be lost. */
  linked(nodeId: number): void {
    this.#sent.delete(nodeId)
  }

  /** A node said what it has. */
  reported(nodeId: number, lists: ListsStatus | undefined): void {
    const { clock, lists: store } = this.#parts
    const { stamp } = store.state()
    if (lists === undefined || lists.stamp === stamp) return
    const sent = this.#sent.get(nodeId)
    const isUnderWay = sent !== undefined && sent.stamp === stamp && clock.now() - sent.at < AGAIN_MS
    if (!isUnderWay) this.#send(nodeId)
  }

  #send(nodeId: number): void {
    const { clock, roster } = this.#parts
    if ((roster.versionOf(nodeId) ?? 0) < LISTS_SINCE) return
    const { stamp, parts } = this.#lists()
    this.#sent.set(nodeId, { stamp, at: clock.now() })
    for (const part of parts) roster.send(nodeId, { kind: 'lists', part })
  }

  /** The parts of the lists as they are, made once for each change. */
  #lists() {
    const { clock, lists, entries } = this.#parts
    const state = lists.state()
    if (this.#ready?.stamp !== state.stamp) {
      const now = clock.now()
      const full = lists.all().map((list) => ({ list, entries: entries.ofList(list.id, now) }))
      this.#ready = { stamp: state.stamp, parts: partsOf(state, full) }
    }
    return this.#ready
  }
}
