import type { EventView, JailView, LiveDown, NodeView, OverviewView } from '@warder/protocol/api'
import { FEED_LIMIT, inOrder, jailsInOrder, type Fleet } from './fleet.ts'
import { addToTimeline } from './timeline.ts'

/**
 * What one message of the live stream makes of the fleet. What does not change keeps its identity, so that
 * only what changed is drawn anew. Messages that are not about the fleet give the fleet back as it is.
 */
export function applyLive(fleet: Fleet, message: LiveDown): Fleet {
  switch (message.kind) {
    case 'hello':
      return { ...fleet, seq: message.reset ? message.seq : (fleet.seq ?? message.seq) }
    case 'events':
      return message.events.reduce(applyEvent, fleet)
    case 'node':
      return { ...fleet, nodes: withNode(fleet.nodes, message.node) }
    case 'node-removed':
      return {
        ...fleet,
        nodes: fleet.nodes.filter((node) => node.name !== message.name),
        jails: fleet.jails.filter((jail) => jail.node !== message.name),
      }
    case 'jails': {
      const others = fleet.jails.filter((jail) => jail.node !== message.node)
      return { ...fleet, jails: jailsInOrder([...others, ...message.jails]) }
    }
    case 'signed-out':
      return fleet
  }
}

/** The fleet after one event. An event that is known already changes nothing. */
export function applyEvent(fleet: Fleet, view: EventView): Fleet {
  if (fleet.seq !== null && view.seq <= fleet.seq) return fleet
  return {
    seq: view.seq,
    nodes: changeWhere(
      fleet.nodes,
      (node) => node.name === view.node,
      (node) => nodeAfter(node, view),
    ),
    jails: changeWhere(
      fleet.jails,
      (jail) => concerns(jail, view),
      (jail) => jailAfter(jail, view),
    ),
    overview: fleet.overview && overviewAfter(fleet.overview, view),
    timeline: fleet.timeline && addToTimeline(fleet.timeline, view),
    feed: [view, ...fleet.feed].slice(0, FEED_LIMIT),
  }
}

function withNode(nodes: readonly NodeView[], node: NodeView): readonly NodeView[] {
  const known = nodes.some((other) => other.name === node.name)
  return known ? nodes.map((other) => (other.name === node.name ? node : other)) : inOrder([...nodes, node])
}

function changeWhere<T>(list: readonly T[], where: (one: T) => boolean, change: (one: T) => T): readonly T[] {
  let changed = false
  const next = list.map((one) => {
    if (!where(one)) return one
    const after = change(one)
    if (after !== one) changed = true
    return after
  })
  return changed ? next : list
}

function concerns(jail: JailView, { node, event }: EventView): boolean {
  if (jail.node !== node) return false
  switch (event.kind) {
    case 'settings.applied':
    case 'settings.refused':
      return true
    case 'ban.added':
      return event.ban.jail === jail.jail
    case 'failure.found':
    case 'ban.lifted':
    case 'ban.expired':
      return event.jail === jail.jail
    default:
      return false
  }
}

function nodeAfter(node: NodeView, { event, at }: EventView): NodeView {
  switch (event.kind) {
    case 'agent.started':
      return { ...node, agent: event.agent, firewall: event.firewall }
    case 'ban.added':
      return { ...node, activeBans: node.activeBans + 1 }
    case 'ban.lifted':
    case 'ban.expired':
      return { ...node, activeBans: Math.max(0, node.activeBans - 1) }
    case 'failure.found':
      return { ...node, failuresLastHour: node.failuresLastHour + 1 }
    case 'source.lost':
      return { ...node, sources: withSource(node, event.source, { state: 'lost', reason: event.reason }) }
    case 'source.regained':
      return { ...node, sources: withSource(node, event.source, { state: 'reading', lastLineAt: at }) }
    case 'settings.applied':
    case 'settings.refused':
      return { ...node, revision: revisionAfter(node.revision, event) }
    default:
      return node
  }
}

function withSource(
  node: NodeView,
  id: string,
  change: Partial<NodeView['sources'][number]>,
): NodeView['sources'] {
  return node.sources.map((source) => (source.id === id ? { ...source, ...change } : source))
}

function jailAfter(jail: JailView, { event, at }: EventView): JailView {
  switch (event.kind) {
    case 'failure.found':
      return {
        ...jail,
        failuresLastDay: jail.failuresLastDay + 1,
        lastMatchAt: Math.max(at, jail.lastMatchAt ?? 0),
      }
    case 'ban.added':
      return { ...jail, activeBans: jail.activeBans + 1 }
    case 'ban.lifted':
    case 'ban.expired':
      return { ...jail, activeBans: Math.max(0, jail.activeBans - 1) }
    case 'settings.applied':
    case 'settings.refused':
      return { ...jail, revision: revisionAfter(jail.revision, event) }
    default:
      return jail
  }
}

type Answered =
  | { readonly kind: 'settings.applied'; readonly revision: number }
  | { readonly kind: 'settings.refused'; readonly revision: number; readonly reason: string }

function revisionAfter(revision: NodeView['revision'], event: Answered): NodeView['revision'] {
  if (event.revision < revision.answered) return revision
  const answered = event.revision
  if (event.kind === 'settings.refused')
    return { ...revision, answered, state: 'refused', reason: event.reason }
  return { ...revision, answered, state: answered >= revision.wanted ? 'applied' : 'pending', reason: null }
}

function overviewAfter(overview: OverviewView, { event, node, at }: EventView): OverviewView {
  switch (event.kind) {
    case 'failure.found':
      return {
        ...overview,
        failuresLastMinute: overview.failuresLastMinute + 1,
        failuresLastHour: overview.failuresLastHour + 1,
        failuresLastDay: overview.failuresLastDay + 1,
        lastMatchAt: at,
        lastMatchNode: node,
        lastMatchJail: event.jail,
      }
    case 'ban.added':
      return { ...overview, activeBans: overview.activeBans + 1, bansToday: overview.bansToday + 1 }
    case 'ban.lifted':
    case 'ban.expired':
      return { ...overview, activeBans: Math.max(0, overview.activeBans - 1) }
    default:
      return overview
  }
}
