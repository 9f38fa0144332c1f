import {
  addsUp,
  endAfter,
  nodesNeeded,
  type Ban,
  type EpochMs,
  type SharingPolicy,
  type Ticket,
} from '@warder/core'

/** Ends that differ by less are the same: what was on its way when a ban was made leads to no second round. */
const SAME_END_MS = 60_000

/** A ban that a node made by itself, its time by the server's clock. */
export interface OwnBan {
  readonly nodeId: number
  readonly node: string
  readonly at: EpochMs
  readonly until: EpochMs | null
}

/** What is decided on when a node reports a ban. */
export interface BanFacts {
  readonly ban: Pick<Ban, 'origin' | 'until'>
  /** When it was made, by the server's clock. */
  readonly at: EpochMs
  /** Of the jail on the node that reports it. */
  readonly policy: SharingPolicy
  /** What nodes of the cluster made by themselves in that jail and that counts still, this one among them. */
  readonly own: readonly OwnBan[]
  readonly past: Past
}

/** What the server knows of an address in a jail of a cluster. */
export interface Past {
  /** The end of the share that is in force; null: there is none. An `until` of null is without an end. */
  readonly standing: { readonly until: EpochMs | null } | null
  /** When the address was last lifted everywhere; null: never. */
  readonly liftedAt: EpochMs | null
  readonly now: EpochMs
}

/** Failures of different nodes that add up to maxretry. */
export interface TogetherFacts {
  readonly ticket: Ticket
  /** How many nodes saw them. */
  readonly nodes: number
  readonly policy: SharingPolicy
  /** Of the jail on the node that saw the last one, in seconds. */
  readonly bantime: number
  readonly past: Past
}

/** Whether a ban is shared, and if not why not. */
export type Verdict =
  | {
      readonly kind: 'share'
      readonly at: EpochMs
      readonly until: EpochMs | null
      /** The bans that it rests on. */
      readonly seen: readonly OwnBan[]
      /** Those of them that last as long: their nodes need not be told. */
      readonly own: readonly OwnBan[]
    }
  | { readonly kind: 'not'; readonly why: 'not its own' | 'local' | 'over' | 'lifted' | 'too few' | 'known' }

const not = (why: Extract<Verdict, { kind: 'not' }>['why']): Verdict => ({ kind: 'not', why })
const endOf = (until: EpochMs | null): number => until ?? Infinity

/** Whether a share that is in force holds at least as long, nearly. */
const isKnown = ({ standing }: Past, until: EpochMs | null): boolean =>
  standing !== null &&
  (endOf(standing.until) === Infinity || endOf(standing.until) + SAME_END_MS >= endOf(until))

/**
 * Whether all nodes of the cluster enforce a ban that a node reports. Only what a node decided on itself is shared: what it
 * was told by others, or by an operator, goes nowhere else. A lift everywhere wins over every ban that was made before it,
 * however late that is reported.
 */
export function decideBan({ ban, at, policy, own, past }: BanFacts): Verdict {
  const needed = nodesNeeded(policy)
  if (ban.origin !== 'detected') return not('not its own')
  if (needed === null) return not('local')
  const isLifted = (moment: EpochMs): boolean => past.liftedAt !== null && moment <= past.liftedAt
  if (isLifted(at)) return not('lifted')
  const counting = own.filter((each) => !isLifted(each.at))
  const until =
    endOf(ban.until) === Infinity ? null : latestEnd([ban.until, ...counting.map((each) => each.until)])
  if (until !== null && until <= past.now) return not('over')
  if (new Set(counting.map(({ nodeId }) => nodeId)).size < needed) return not('too few')
  if (isKnown(past, until)) return not('known')
  const lasting = counting.filter((each) => endOf(each.until) + SAME_END_MS >= endOf(until))
  return { kind: 'share', at, until, seen: counting, own: lasting }
}

/** Whether failures on different nodes lead to a ban on all. Those of one node alone are that node's to decide on. */
export function decideTogether({ ticket, nodes, policy, bantime, past }: TogetherFacts): Verdict {
  if (!addsUp(policy)) return not('local')
  if (nodes < 2) return not('too few')
  if (past.liftedAt !== null && ticket.last <= past.liftedAt) return not('lifted')
  const until = endAfter(ticket.last, bantime)
  if (until !== null && until <= past.now) return not('over')
  return isKnown(past, until) ? not('known') : { kind: 'share', at: ticket.last, until, seen: [], own: [] }
}

function latestEnd(ends: readonly (EpochMs | null)[]): EpochMs | null {
  const latest = Math.max(...ends.map(endOf))
  return latest === Infinity ? null : latest
}
