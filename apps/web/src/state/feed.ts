import type { EventView } from '@warder/protocol/api'

/** One entry of the feed: an event, or several that say the same, told once. */
export interface FeedEntry {
  /** The oldest event of the entry: stays the same while the entry grows. */
  readonly key: number
  readonly newest: EventView
  readonly count: number
  /** How many addresses they are about. */
  readonly addresses: number
  readonly nodes: readonly string[]
}

/** Events that say nothing that another event of the same moment does not say. */
const SILENT: ReadonlySet<string> = new Set(['order.finished'])

/** Most entries on the screen. */
export const FEED_ENTRIES = 60

const MINUTE = 60_000

/**
 * Events (newest first) → entries, newest first. Within a minute the failures of one jail on one node are one entry,
 * and so is what several nodes do alike. An entry keeps its place while it grows, so that a storm is a number that
 * counts, not a list that races.
 */
export function feedOf(
  events: readonly EventView[],
  kinds: 'all' | 'bans',
  most: number = FEED_ENTRIES,
): readonly FeedEntry[] {
  const entries: FeedEntry[] = []
  const folds = new Map<string, { readonly at: number; readonly ips: Set<string> }>()
  for (const view of events.toReversed()) {
    const { event, node } = view
    if (SILENT.has(event.kind) || (kinds === 'bans' && !event.kind.startsWith('ban.'))) continue
    const name = foldOf(view)
    const fold = name === null ? undefined : folds.get(name)
    const entry = fold && entries[fold.at]
    if (fold === undefined || entry === undefined) {
      if (name !== null) folds.set(name, { at: entries.length, ips: new Set(ipsOf(view)) })
      entries.push(entryOf(view))
      continue
    }
    for (const ip of ipsOf(view)) fold.ips.add(ip)
    const nodes = entry.nodes.includes(node) ? entry.nodes : [...entry.nodes, node]
    entries[fold.at] = { ...entry, newest: view, count: entry.count + 1, addresses: fold.ips.size, nodes }
  }
  return entries.slice(-most).toReversed()
}

/** An event that is told alone. */
export const entryOf = (view: EventView): FeedEntry => ({
  key: view.seq,
  newest: view,
  count: 1,
  addresses: 1,
  nodes: [view.node],
})

/** What must be the same for two events to be one entry; null: it stands alone. */
function foldOf({ at, node, event }: EventView): string | null {
  const minute = Math.floor(at / MINUTE)
  switch (event.kind) {
    case 'failure.found':
      return [event.kind, node, event.jail, minute].join('\n')
    case 'settings.applied':
      return [event.kind, event.revision, minute].join('\n')
    case 'jail.started':
      return [event.kind, event.jail, JSON.stringify(event.settings), minute].join('\n')
    case 'agent.started':
      return [event.kind, event.agent, event.firewall.reason, minute].join('\n')
    case 'ban.lifted':
      return [event.kind, event.ip, event.by, minute].join('\n')
    case 'ban.expired':
      return [event.kind, event.ip, event.jail, minute].join('\n')
    case 'ban.added':
      if (event.ban.origin !== 'operator') return null
      return [event.kind, event.ban.ip, event.ban.jail, event.ban.by, minute].join('\n')
    default:
      return null
  }
}

const ipsOf = ({ event }: EventView): readonly string[] => (event.kind === 'failure.found' ? [event.ip] : [])
