import type { RuleWish } from '@warder/protocol/api'
import { isAtLeast, severityOf, type Notice } from './notice.ts'

/** Whether a rule is about a notice. A rule that names jails or nodes is about nothing that has none. */
export function concerns(rule: RuleWish, notice: Notice): boolean {
  const named = (wanted: readonly string[], has: string | null): boolean =>
    wanted.length === 0 || (has !== null && wanted.includes(has))
  return (
    rule.enabled &&
    (rule.topics.length === 0 || rule.topics.includes(notice.topic)) &&
    isAtLeast(severityOf(notice.topic), rule.severity) &&
    named(rule.jails, notice.jail) &&
    named(rule.nodes, notice.node)
  )
}

/** A rule as it is kept. */
export interface Rule extends RuleWish {
  readonly id: number
}

/** A rule and one of the channels that it tells. */
export interface Told {
  readonly rule: Rule
  readonly channelId: number
}

/**
 * Who is told of a notice. A channel hears of it once at once and once in a digest at most, however many rules
 * are about it: the first of them says how.
 */
export function toldOf(rules: readonly Rule[], notice: Notice): readonly Told[] {
  const told = new Map<string, Told>()
  for (const rule of rules) {
    if (!concerns(rule, notice)) continue
    const way = rule.pace === 'hourly' || rule.pace === 'daily' ? 'digest' : 'now'
    for (const channelId of rule.channels) {
      const key = `${way}/${channelId}`
      if (!told.has(key)) told.set(key, { rule, channelId })
    }
  }
  return [...told.values()]
}
