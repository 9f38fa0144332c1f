import type { OutboxEvent } from '@warder/protocol'

/** What of a batch is new; or that events before it are missing. */
export type Fresh =
  | { readonly ok: true; readonly events: readonly OutboxEvent[] }
  | { readonly ok: false; readonly expected: number }

/**
 * Drops what is in history already. Numbers must follow each other; only an `outbox.gapped` may come behind
 * left-out numbers, since it says that they are lost.
 */
export function freshOf(events: readonly OutboxEvent[], acked: number): Fresh {
  const fresh: OutboxEvent[] = []
  let last = acked
  for (const event of events) {
    if (event.seq <= last) continue
    if (event.seq !== last + 1 && event.event.kind !== 'outbox.gapped')
      return { ok: false, expected: last + 1 }
    fresh.push(event)
    last = event.seq
  }
  return { ok: true, events: fresh }
}
