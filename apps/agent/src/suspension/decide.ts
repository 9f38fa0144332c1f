import type { EpochMs } from '@warder/core'
import type { Suspended, SuspensionWish } from '@warder/protocol'
import { SUSPENSION_MOST_S } from '@warder/protocol/words'

/** Who a wish comes from. */
export type Source = Suspended['source']

/** What becomes of a wish. */
export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'suspend'; readonly suspended: Suspended }
  | { readonly kind: 'resume'; readonly by: string }

/** What is known when a wish comes. */
export interface Known {
  readonly current: Suspended | null
  /** The name of the wish of this source that was dealt with last. */
  readonly handled: string | null
  readonly now: EpochMs
}

/** What was found where the cluster keeps its wish: a wish, nothing, or no answer. */
export type Found =
  | { readonly kind: 'wish'; readonly wish: SuspensionWish }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly reason: string }

const NOTHING: Decision = { kind: 'nothing' }

/**
 * A wish of the server, of the cluster's file or of the command line. The last word counts, whoever says it, but each
 * wish counts once: who ended a suspension on this node is not overruled by the file that still asks for it.
 */
export function decideWish(wish: SuspensionWish, source: Source, { current, handled, now }: Known): Decision {
  if (wish.id === handled) return NOTHING
  const { until, by, reason } = wish
  if (until === null) return current === null ? NOTHING : { kind: 'resume', by }
  if (until <= now) return NOTHING
  const bounded = Math.min(until, now + SUSPENSION_MOST_S * 1_000)
  const why = reason === undefined ? {} : { reason }
  return { kind: 'suspend', suspended: { since: now, until: bounded, by, ...why, source } }
}

/** What follows from a look at the cluster's file. One that is taken away ends what it asked for; one that cannot be read says nothing. */
export function decideFound(found: Found, known: Known): Decision {
  if (found.kind === 'wish') return decideWish(found.wish, 'cluster', known)
  const isOver = found.kind === 'none' && known.current?.source === 'cluster'
  return isOver ? { kind: 'resume', by: 'cluster' } : NOTHING
}

/** Whether a suspension has come to its end. */
export const isOver = (current: Suspended | null, now: EpochMs): boolean =>
  current !== null && current.until <= now
