import type { EpochMs } from '@warder/core'
import type { Down } from '@warder/protocol'

/** One agent on the link. */
export interface Linked {
  readonly nodeId: number
  readonly since: EpochMs
  /** The version of the link that the agent speaks. */
  readonly version: number
  send(message: Down): void
  /** Ends the link with one of the close codes. */
  close(code: number, reason: string): void
}

/** Who is connected: at most one link per node. */
export class Roster {
  readonly #links = new Map<number, Linked>()

  /** Enters a link; answers the one of the same node that it takes the place of. */
  enter(link: Linked): Linked | null {
    const before = this.#links.get(link.nodeId) ?? null
    this.#links.set(link.nodeId, link)
    return before
  }

  /** Takes a link out; false when another one of its node has taken its place. */
  leave(link: Linked): boolean {
    if (this.#links.get(link.nodeId) !== link) return false
    return this.#links.delete(link.nodeId)
  }

  /** Since when a node is linked; null when it is not. */
  onlineSince(nodeId: number): EpochMs | null {
    return this.#links.get(nodeId)?.since ?? null
  }

  /** The version of the link that a node speaks; null when it is not linked. */
  versionOf(nodeId: number): number | null {
    return this.#links.get(nodeId)?.version ?? null
  }

  get nodes(): readonly number[] {
    return [...this.#links.keys()]
  }

  /** Sends to a node; false when it is not linked. */
  send(nodeId: number, message: Down): boolean {
    const link = this.#links.get(nodeId)
    link?.send(message)
    return link !== undefined
  }

  close(nodeId: number, code: number, reason: string): void {
    this.#links.get(nodeId)?.close(code, reason)
  }
}
