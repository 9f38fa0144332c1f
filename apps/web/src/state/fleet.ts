import type { EventView, JailView, NodeView, OverviewView, TimelineView } from '@warder/protocol/api'

/** All that the dashboard knows of the fleet, but the table of bans, which is paged. */
export interface Fleet {
  /** The newest event that is in here; null before the first one. */
  readonly seq: number | null
  /** In order of name. */
  readonly nodes: readonly NodeView[]
  /** In order of jail, then node. */
  readonly jails: readonly JailView[]
  readonly overview: OverviewView | null
  readonly timeline: TimelineView | null
  /** The newest events, newest first. */
  readonly feed: readonly EventView[]
}

export const EMPTY_FLEET: Fleet = {
  seq: null,
  nodes: [],
  jails: [],
  overview: null,
  timeline: null,
  feed: [],
}

/** Most events that the feed keeps. */
export const FEED_LIMIT = 200

const byName = new Intl.Collator('en', { numeric: true })

/** Nodes in order of name: `pve2` before `pve10`. */
export const inOrder = (nodes: readonly NodeView[]): readonly NodeView[] =>
  nodes.toSorted((a, b) => byName.compare(a.name, b.name))

/** Jails in order of jail, then node. */
export const jailsInOrder = (jails: readonly JailView[]): readonly JailView[] =>
  jails.toSorted((a, b) => byName.compare(a.jail, b.jail) || byName.compare(a.node, b.node))
