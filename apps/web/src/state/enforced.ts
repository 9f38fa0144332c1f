import { isEnforced } from '@warder/core'
import type { BanView, NodeView } from '@warder/protocol/api'
import type { Mark } from '../ui/mark.ts'
import { english, n, t } from '../language/t.ts'

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

const HOLDS: Readonly<Record<Hold, HoldWords>> = {
  held: { mark: 'good', word: english('enforced'), title: english("Read back from the node's firewall") },
  missing: {
    mark: 'problem',
    word: english('not in the firewall'),
    title: english("The node's firewall did not hold it when it was last asked; the agent puts it back"),
  },
  off: {
    mark: 'look',
    word: english('not enforced'),
    title: english('The firewall of this node blocks nothing'),
  },
  unknown: {
    mark: 'waiting',
    word: english('not read back yet'),
    title: english('The node has not asked its firewall since'),
  },
}

/** One ban's standing in words. */
export function holdState(hold: Hold): HoldWords {
  const { mark, word, title } = HOLDS[hold]
  return { mark, word: t(word), title: t(title) }
}

/** How several bans stand together, also as short as a row of a table needs it. */
export interface HoldSum extends HoldWords {
  /** `3 of 3` */
  readonly short: string
  /** No node of them blocks anything, which is told above all rows. */
  readonly isOff: boolean
}

/** Several bans of one address together: `enforced on 3 of 3 nodes`. A node counts when it holds all of them. */
export function holdWords(bans: readonly BanView[], nodes: readonly NodeView[]): HoldSum {
  const byNode = Map.groupBy(bans, ({ node }) => node)
  const worst = [...byNode.values()].map((own) => worstOf(own.map((ban) => holdOf(ban, nodes))))
  const held = worst.filter((hold) => hold === 'held').length
  const { mark, title } = holdState(worstOf(worst))
  const of = byNode.size
  const short = t('{held} of {of}', { held, of })
  const word = n(of, 'enforced on {held} of {count} node', 'enforced on {held} of {count} nodes', { held })
  return { mark, title, word, short, isOff: worst.every((hold) => hold === 'off') }
}

const BAD_FIRST: readonly Hold[] = ['missing', 'off', 'unknown', 'held']
const worstOf = (holds: readonly Hold[]): Hold => BAD_FIRST.find((hold) => holds.includes(hold)) ?? 'unknown'

/** What a node's firewall said of all bans together when it was asked last. */
export interface Holdings {
  readonly wanted: number
  readonly enforced: number
  readonly dropped: number
  readonly checkedAt: number
  /** Bans that it did not hold, as far as they are named. */
  readonly missing: readonly { readonly jail: string; readonly ip: string }[]
}

/** What a node's firewall holds; null: it was not asked. */
export function holdings({ enforcement }: NodeView): Holdings | null {
  if (enforcement === null) return null
  const { jails, checkedAt } = enforcement
  const sum = (of: 'wanted' | 'enforced' | 'dropped'): number =>
    jails.reduce((total, jail) => total + jail[of], 0)
  return {
    wanted: sum('wanted'),
    enforced: sum('enforced'),
    dropped: sum('dropped'),
    checkedAt,
    missing: jails.flatMap(({ jail, missing }) => missing.map((ip) => ({ jail, ip }))),
  }
}

/** What a node's firewall said of all its bans, of a node that is away without a claim that it holds; null: it was not asked. */
export function nodeHoldWords(node: NodeView): HoldWords | null {
  const all = holdings(node)
  if (all === null || node.firewall?.enforcing !== true) return null
  const { wanted, enforced: held } = all
  const word =
    wanted === 0
      ? t('no bans to hold')
      : n(wanted, 'holds {held} of {count} ban', 'holds {held} of {count} bans', { held })
  const words = { ...holdState(held === wanted ? 'held' : 'missing'), word }
  return node.state === 'online' ? words : { ...words, mark: 'off' }
}

/** Packets of banned addresses that a node blocked for a jail; null: it does not say. */
export function droppedOn(node: NodeView | undefined, jail: string): number | null {
  const jails = node?.enforcement?.jails
  return jails === undefined ? null : (jails.find((each) => each.jail === jail)?.dropped ?? 0)
}
