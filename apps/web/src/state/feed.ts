import type { EventView } from '@warder/protocol/api'

/** One entry of the feed: an event, or the failures of one jail on one node within one minute, told once. */
export interface FeedEntry {
  /** The oldest event of the entry: stays the same while the entry grows. */
  readonly key: number
  readonly newest: EventView
  readonly count: number
  /** How many addresses the failures came from. */
  readonly addresses: number
}

/** Events that say nothing that another event of the same moment does not say. */
const SILENT: ReadonlySet<string> = new Set(['order.finished'])

/** Most entries on the screen. */
export const FEED_ENTRIES = 60

const MINUTE = 60_000

/**
 * Events (newest first) → entries, newest first. Failures are folded by jail, node and minute, and an entry keeps its
 * place while it grows, so that a storm of failures is a number that counts, not a list that races.
 */
export function feedOf(events: readonly EventView[], kinds: 'all' | 'bans'): readonly FeedEntry[] {
  const entries: FeedEntry[] = []
  const folds = new Map<string, { at: number; ips: Set<string> }>()
  for (const view of events.toReversed()) {
    const { event, node } = view
    if (SILENT.has(event.kind) || (kinds === 'bans' && !event.kind.startsWith('ban.'))) continue
    if (event.kind !== 'failure.found') {
      entries.push({ key: view.seq, newest: view, count: 1, addresses: 1 })
      continue
    }
    const name = `${node}\n${event.jail}\n${Math.floor(view.at / MINUTE)}`
    const fold = folds.get(name)
    const entry = fold && entries[fold.at]
    if (fold === undefined || entry === undefined) {
      folds.set(name, { at: entries.length, ips: new Set([event.ip]) })
      entries.push({ key: view.seq, newest: view, count: 1, addresses: 1 })
    } else {
      fold.ips.add(event.ip)
      entries[fold.at] = { ...entry, newest: view, count: entry.count + 1, addresses: fold.ips.size }
    }
  }
  return entries.slice(-FEED_ENTRIES).toReversed()
}
