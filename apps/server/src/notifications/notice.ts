import type { EpochMs } from '@warder/core'
import { TOPICS, type Severity, type Topic } from '@warder/protocol/api'

/** A fact that is worth telling somebody. */
export interface Notice {
  readonly topic: Topic
  readonly at: EpochMs
  readonly node: string | null
  readonly jail: string | null
  readonly ip: string | null
  /** What happened, in one short sentence without a stop. No text of a log line. */
  readonly title: string
  /** What else is to be known; null when the title says it all. */
  readonly detail: string | null
}

export const severityOf = (topic: Topic): Severity => TOPICS[topic][0]

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 }

/** Whether something is at least as grave as that. */
export const isAtLeast = (one: Severity, that: Severity): boolean => RANK[one] >= RANK[that]

/** Longest text of a node, a jail or a reason in a notification. */
const LONGEST = 300

/** Text from elsewhere → one line of bounded length without control characters. */
export function plain(text: string, longest = LONGEST): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}
