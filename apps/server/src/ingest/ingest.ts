import type { Clock, Logger } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import type { EventView } from '@warder/protocol/api'
import type { Writer } from '../storage/writer.ts'
import type { EventStore } from '../events/store.ts'
import type { Batch, LinkedNode, Taken } from '../link/session.ts'
import type { NodeStore, ReportStore } from '../nodes/store.ts'
import type { Tally } from '../timeline/tally.ts'
import type { Apply } from './apply.ts'
import { freshOf } from './fresh.ts'
import type { OutboxStore } from './store.ts'

export interface IngestParts {
  readonly clock: Clock
  readonly log: Logger
  readonly writer: Writer
  readonly outboxes: OutboxStore
  readonly events: EventStore
  /** What the transaction that is under way counts. */
  readonly tally: () => Tally
  readonly nodes: NodeStore
  readonly reports: ReportStore
  readonly apply: Apply
  /** After the commit: these events of a node are history. */
  onCommitted(node: LinkedNode, events: readonly EventView[]): void
  /** After the commit: a node's report was renewed. */
  onReported(node: LinkedNode, status: NodeStatus): void
}

/** A batch that was written: what is new in it, and up to where the outbox is in history. */
interface Written {
  readonly taken: Taken
  readonly events: readonly EventView[]
}

export type Ingest = ReturnType<typeof makeIngest>

/** Takes what agents report into history: written, then published, then acknowledged. */
export function makeIngest(parts: IngestParts) {
  const { clock, outboxes, events, apply } = parts

  /** Writes a batch and counts it; called inside a transaction. */
  const write = ({ node, outboxId, events: batch }: Batch, tally: Tally): Written => {
    const fresh = freshOf(batch, outboxes.acked(outboxId))
    if (!fresh.ok) return { taken: { kind: 'gap', expected: fresh.expected }, events: [] }
    const now = clock.now()
    const written = fresh.events.map((outboxEvent): EventView => {
      const { event } = outboxEvent
      // A node whose clock is ahead reports from the future; nothing in history is newer than its arrival.
      const at = Math.min(outboxEvent.at, now)
      const seq = events.add({ nodeId: node.id, outboxId, outboxSeq: outboxEvent.seq, at, event })
      tally.add(node.id, at, event)
      apply({ nodeId: node.id, at, event })
      return { seq, node: node.name, at, event }
    })
    const last = fresh.events.at(-1)
    if (last) outboxes.advance(outboxId, last.seq)
    return { taken: { kind: 'acked', acked: outboxes.acked(outboxId) }, events: written }
  }

  return {
    write,
    /** Takes a batch from the link; `done` is told after the commit. */
    take(batch: Batch, done: (taken: Taken) => void): void {
      parts.writer.add({
        write: () => write(batch, parts.tally()),
        done({ taken, events: written }) {
          if (written.length > 0) parts.onCommitted(batch.node, written)
          done(taken)
        },
        failed(err) {
          parts.log.error({ err, node: batch.node.name }, 'events could not be written')
          done({ kind: 'failed' })
        },
      })
    },
    /** Takes a node's report; only the newest is kept. */
    report(node: LinkedNode, status: NodeStatus): void {
      const now = clock.now()
      parts.writer.add({
        write() {
          parts.reports.saveStatus(node.id, now, status)
          parts.nodes.seen(node.id, now)
        },
        done: () => parts.onReported(node, status),
        failed: (err) => parts.log.error({ err, node: node.name }, 'a report could not be written'),
      })
    },
  }
}
