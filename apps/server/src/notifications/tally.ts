import type { EpochMs } from '@warder/core'
import { isAtLeast, severityOf, type Notice } from './notice.ts'
import type { Severity } from '@warder/protocol/api'

/** Most names of one sort that are counted apart; what comes later is counted together. */
const NAMES = 200
/** Most sentences that are kept word for word. */
const SENTENCES = 5

/** How often each name came; `others`: how often names that were not kept apart did. */
export interface Counts {
  readonly named: Readonly<Record<string, number>>
  readonly others: number
}

/** What happened, counted: bounded, however much it was. */
export interface Tally {
  readonly count: number
  readonly first: EpochMs
  readonly last: EpochMs
  readonly severity: Severity
  readonly topics: Counts
  readonly nodes: Counts
  readonly jails: Counts
  readonly addresses: Counts
  /** The first ones, word for word. */
  readonly told: readonly Pick<Notice, 'topic' | 'title' | 'detail'>[]
}

const NONE: Counts = { named: {}, others: 0 }

function counted(counts: Counts, name: string | null): Counts {
  if (name === null) return counts
  const { named, others } = counts
  const known = Object.hasOwn(named, name) ? named[name] : undefined
  if (known === undefined && Object.keys(named).length >= NAMES) return { named, others: others + 1 }
  return { named: { ...named, [name]: (known ?? 0) + 1 }, others }
}

/** What was counted so far, and one notice more. */
export function withNotice(tally: Tally | null, notice: Notice): Tally {
  const severity = severityOf(notice.topic)
  const before: Tally = tally ?? {
    count: 0,
    first: notice.at,
    last: notice.at,
    severity,
    topics: NONE,
    nodes: NONE,
    jails: NONE,
    addresses: NONE,
    told: [],
  }
  const { topic, title, detail } = notice
  return {
    count: before.count + 1,
    first: Math.min(before.first, notice.at),
    last: Math.max(before.last, notice.at),
    severity: isAtLeast(severity, before.severity) ? severity : before.severity,
    topics: counted(before.topics, topic),
    nodes: counted(before.nodes, notice.node),
    jails: counted(before.jails, notice.jail),
    addresses: counted(before.addresses, notice.ip),
    told: before.told.length < SENTENCES ? [...before.told, { topic, title, detail }] : before.told,
  }
}

/** Names by how often they came, the most frequent first. */
export const ranked = ({ named }: Counts): readonly (readonly [name: string, count: number])[] =>
  Object.entries(named).toSorted(
    ([name, count], [other, more]) => more - count || name.localeCompare(other, 'en', { numeric: true }),
  )
