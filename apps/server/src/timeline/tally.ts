import type { EpochMs, NodeEvent } from '@warder/core'
import { SPANS, spanStart, type Span } from './buckets.ts'

/** Failures and bans of one node and jail in one span. */
export interface Count {
  readonly span: Span
  readonly nodeId: number
  readonly at: EpochMs
  readonly jail: string
  failures: number
  bans: number
}

/** The newest match of a node's jail. */
export interface LastMatch {
  readonly nodeId: number
  readonly jail: string
  at: EpochMs
}

/** What a group of events adds to the counters: one row for many events. */
export class Tally {
  readonly #counts = new Map<string, Count>()
  readonly #matches = new Map<string, LastMatch>()

  /** Counts an event where it is a failure or a ban. `at`: when the node recorded it. */
  add(nodeId: number, at: EpochMs, event: NodeEvent): void {
    if (event.kind === 'failure.found') {
      // A log can be read late, but nothing in it lies in the future.
      const failedAt = Math.min(event.failedAt, at)
      this.#count(nodeId, event.jail, failedAt).forEach((count) => count.failures++)
      this.#match(nodeId, event.jail, failedAt)
    } else if (event.kind === 'ban.added') {
      this.#count(nodeId, event.ban.jail, at).forEach((count) => count.bans++)
    }
  }

  get counts(): readonly Readonly<Count>[] {
    return [...this.#counts.values()]
  }

  get matches(): readonly Readonly<LastMatch>[] {
    return [...this.#matches.values()]
  }

  #count(nodeId: number, jail: string, moment: EpochMs): readonly Count[] {
    return SPANS.map((span) => {
      const at = spanStart(moment, span)
      const key = `${span} ${nodeId} ${at} ${jail}`
      const count = this.#counts.get(key) ?? { span, nodeId, at, jail, failures: 0, bans: 0 }
      this.#counts.set(key, count)
      return count
    })
  }

  #match(nodeId: number, jail: string, at: EpochMs): void {
    const key = `${nodeId} ${jail}`
    const match = this.#matches.get(key) ?? { nodeId, jail, at }
    match.at = Math.max(match.at, at)
    this.#matches.set(key, match)
  }
}
