import type { EpochMs, NodeEvent } from '@warder/core'
import { LONG_SPANS, NODE_SPAN_MS, SPANS, spanStart, type Span } from './buckets.ts'

/** Failures and bans of one node and jail in one span. */
export interface Count {
  readonly span: Span
  readonly nodeId: number
  readonly at: EpochMs
  readonly jail: string
  failures: number
  bans: number
}

/** Failures and bans of one node in five minutes. */
export interface NodeCount {
  readonly nodeId: number
  readonly at: EpochMs
  failures: number
  bans: number
}

/** The newest match of a node's jail. */
export interface LastMatch {
  readonly nodeId: number
  readonly jail: string
  at: EpochMs
}

/** Failures and bans of one address, or one country, in one span. */
export interface NamedCount {
  readonly span: Span
  readonly at: EpochMs
  readonly name: string
  failures: number
  bans: number
}

/** What a group of events adds to the counters: one row for many events. */
export class Tally {
  readonly #counts = new Map<string, Count>()
  readonly #nodes = new Map<string, NodeCount>()
  readonly #addresses = new Map<string, NamedCount>()
  readonly #countries = new Map<string, NamedCount>()
  readonly #countryOf: (ip: string) => string
  readonly #matches = new Map<string, LastMatch>()

  /** `countryOf`: the code of the country of an address, empty where it is not known. */
  constructor(countryOf: (ip: string) => string = () => '') {
    this.#countryOf = countryOf
  }

  /** Counts an event where it is a failure or a ban. `at`: when the node recorded it. */
  add(nodeId: number, at: EpochMs, event: NodeEvent): void {
    if (event.kind === 'failure.found') {
      // A log can be read late, but nothing in it lies in the future.
      const failedAt = Math.min(event.failedAt, at)
      this.#count(nodeId, event.jail, failedAt).forEach((count) => count.failures++)
      this.#node(nodeId, failedAt).failures++
      this.#name(event.ip, failedAt).forEach((count) => count.failures++)
      this.#match(nodeId, event.jail, failedAt)
    } else if (event.kind === 'ban.added') {
      this.#count(nodeId, event.ban.jail, at).forEach((count) => count.bans++)
      this.#node(nodeId, at).bans++
      this.#name(event.ban.ip, at).forEach((count) => count.bans++)
    }
  }

  get counts(): readonly Readonly<Count>[] {
    return [...this.#counts.values()]
  }

  get nodes(): readonly Readonly<NodeCount>[] {
    return [...this.#nodes.values()]
  }

  get addresses(): readonly Readonly<NamedCount>[] {
    return [...this.#addresses.values()]
  }

  get countries(): readonly Readonly<NamedCount>[] {
    return [...this.#countries.values()]
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

  #node(nodeId: number, moment: EpochMs): NodeCount {
    const at = spanStart(moment, NODE_SPAN_MS)
    const key = `${nodeId} ${at}`
    const count = this.#nodes.get(key) ?? { nodeId, at, failures: 0, bans: 0 }
    this.#nodes.set(key, count)
    return count
  }

  #name(ip: string, moment: EpochMs): readonly NamedCount[] {
    const country = this.#countryOf(ip)
    return LONG_SPANS.flatMap((span) => {
      const at = spanStart(moment, span)
      return [
        named(this.#addresses, { span, at, name: ip }),
        named(this.#countries, { span, at, name: country }),
      ]
    })
  }

  #match(nodeId: number, jail: string, at: EpochMs): void {
    const key = `${nodeId} ${jail}`
    const match = this.#matches.get(key) ?? { nodeId, jail, at }
    match.at = Math.max(match.at, at)
    this.#matches.set(key, match)
  }
}

function named(counts: Map<string, NamedCount>, of: Pick<NamedCount, 'span' | 'at' | 'name'>): NamedCount {
  const key = `${of.span} ${of.at} ${of.name}`
  const count = counts.get(key) ?? { ...of, failures: 0, bans: 0 }
  counts.set(key, count)
  return count
}
