import { isEnforced } from '@warder/core'
import type { BanView, NodeView } from '@warder/protocol/api'
import { formatCount } from '../format/count.ts'
import type { Mark } from '../ui/mark.ts'
import { t } from '../language/t.ts'

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
  held: { mark: 'good', word: t('enforced'), title: t("Read back from the node's firewall") },
  missing: {
    mark: 'problem',
    word: t('not in the firewall'),
    title: t("The node's firewall did not hold it when it was last asked; the agent puts it back"),
  },
  off: { mark: 'look', word: t('not enforced'), title: t('The firewall of this node blocks nothing') },
  unknown: {
    mark: 'waiting',
    word: t('not read back yet'),
    title: t('The node has not asked its firewall since'),
  },
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
  const { mark, title } = HOLDS[worstOf(worst)]
  const of = byNode.size
  const short = t('{held} of {of}', { held, of })
  const word = t('enforced on {short} {what}', { short, what: of === 1 ? t('node') : t('nodes') })
  return { mark, title, word, short, isOff: worst.every((hold) => hold === 'off') }
}

const BAD_FIRST: readonly Hold[] = ['missing', 'off', 'unknown', 'held']
const worstOf = (holds: readonly Hold[]): Hold => BAD_FIRST.find((hold) => holds.includes(hold)) ?? 'unknown'

/** What a node's firewall said of all its bans; null: it was not asked. */
export function nodeHoldWords({ enforcement, firewall }: NodeView): HoldWords | null {
  if (enforcement === null || firewall?.enforcing !== true) return null
  const sum = (of: 'wanted' | 'enforced'): number =>
    enforcement.jails.reduce((total, jail) => total + jail[of], 0)
  const [wanted, held] = [sum('wanted'), sum('enforced')]
  const word = wanted === 0 ? t('no bans to hold') : t('holds {held} of {wanted} bans', { held, wanted })
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
