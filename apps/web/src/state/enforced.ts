import { isEnforced } from '@warder/core'
import type { BanView, NodeView } from '@warder/protocol/api'
import { formatCount } from '../format/count.ts'
import type { Mark } from '../ui/mark.ts'

/** What a node's own firewall says of a ban; `unknown`: it was not asked since the ban was made, or nobody is there to ask. */
export type Hold = 'held' | 'missing' | 'off' | 'unknown'

/** How a ban stands on its node. */
export function holdOf(ban: BanView, nodes: readonly NodeView[]): Hold {
  const node = nodes.find(({ name }) => name === ban.node)
  if (node?.firewall?.enforcing === false) return 'off'
  const held = node === undefined || node.state !== 'online' ? null : isEnforced(ban, node.enforcement)
  return held === null ? 'unknown' : held ? 'held' : 'missing'
}

/** A state in a word, with its mark and a sentence. */
export interface HoldWords {
  readonly mark: Mark
  readonly word: string
  readonly title: string
}

/** One ban's standing in words. */
export const HOLDS: Readonly<Record<Hold, HoldWords>> = {
  held: { mark: 'good', word: 'enforced', title: "Read back from the node's firewall" },
  missing: {
    mark: 'problem',
    word: 'not in the firewall',
    title: "The node's firewall did not hold it when it was last asked; the agent puts it back",
  },
  off: { mark: 'look', word: 'not enforced', title: 'The firewall of this node blocks nothing' },
  unknown: { mark: 'waiting', word: 'not read back yet', title: 'The node has not asked its firewall since' },
}

/** Several bans of one address together: `enforced on 3 of 3 nodes`. A node counts when it holds all of them. */
export function holdWords(bans: readonly BanView[], nodes: readonly NodeView[]): HoldWords {
  const byNode = Map.groupBy(bans, ({ node }) => node)
  const worst = [...byNode.values()].map((own) => worstOf(own.map((ban) => holdOf(ban, nodes))))
  const held = worst.filter((hold) => hold === 'held').length
  const { mark, title } = HOLDS[worstOf(worst)]
  const of = byNode.size
  return { mark, title, word: `enforced on ${held} of ${of} ${of === 1 ? 'node' : 'nodes'}` }
}

const BAD_FIRST: readonly Hold[] = ['missing', 'off', 'unknown', 'held']
const worstOf = (holds: readonly Hold[]): Hold => BAD_FIRST.find((hold) => holds.includes(hold)) ?? 'unknown'

/** What a node's firewall said of all its bans; null: it was not asked. */
export function nodeHoldWords({ enforcement, firewall }: NodeView): HoldWords | null {
  if (enforcement === null || firewall?.enforcing !== true) return null
  const sum = (of: 'wanted' | 'enforced'): number =>
    enforcement.jails.reduce((total, jail) => total + jail[of], 0)
  const [wanted, held] = [sum('wanted'), sum('enforced')]
  const word = wanted === 0 ? 'no bans to hold' : `holds ${formatCount(held)} of ${formatCount(wanted)} bans`
  return held === wanted ? { ...HOLDS.held, word } : { ...HOLDS.missing, word }
}

/** Packets of banned addresses that a node blocked, of one jail or of all; null: it does not say. */
export function droppedOn(node: NodeView | undefined, jail: string | null): number | null {
  const jails = node?.enforcement?.jails
  if (jails === undefined) return null
  return jails
    .filter((each) => jail === null || each.jail === jail)
    .reduce((total, { dropped }) => total + dropped, 0)
}
