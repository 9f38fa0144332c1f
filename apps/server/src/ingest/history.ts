import type { EpochMs } from '@warder/core'
import type { OutboxEvent } from '@warder/protocol'
import type { Transaction } from '../storage/transaction.ts'
import type { NodeStore } from '../nodes/store.ts'
import type { Ingest } from './ingest.ts'
import type { CounterStore } from '../timeline/store.ts'
import { Tally } from '../timeline/tally.ts'
import type { OutboxStore } from './store.ts'

/** The outbox under which a told past is kept. */
const OUTBOX = 'told-past'

/** The past of a node, told by someone else than its agent: a demonstration, an import. */
export interface NodePast {
  /** The name it has, or will have: an agent that enrols under this name takes the past as its own. */
  readonly node: string
  readonly cluster: string | null
  readonly enrolledAt: EpochMs
  /** Numbered without gaps from 1, or from where the last call for this node ended. */
  readonly events: readonly OutboxEvent[]
}

export interface HistoryParts {
  readonly transaction: Transaction
  readonly nodes: NodeStore
  readonly outboxes: OutboxStore
  readonly counters: CounterStore
  readonly ingest: Ingest
  /** The code of the country of an address, empty where it is not known. */
  countryOf(ip: string): string
}

/** Writes the past of a node in one transaction; answers how many events were new. @throws on a gap */
export function tellPast(
  { transaction, nodes, outboxes, counters, ingest, countryOf }: HistoryParts,
  past: NodePast,
): number {
  return transaction(() => {
    const known = nodes.byName(past.node)
    const id = known?.id ?? nodes.add({ name: past.node, cluster: past.cluster, enrolledAt: past.enrolledAt })
    const node = { id, name: past.node, cluster: past.cluster }
    const tally = new Tally(countryOf)
    const batch = { node, outboxId: outboxes.open(id, OUTBOX).id, events: past.events }
    const { taken, events } = ingest.write(batch, tally)
    counters.add(tally)
    if (taken.kind === 'gap')
      throw new Error(`the past of ${past.node} lacks events before number ${taken.expected}`)
    return events.length
  })
}
