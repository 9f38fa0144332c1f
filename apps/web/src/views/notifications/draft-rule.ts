import type { RuleBody, RuleView, TopicView } from '@warder/protocol/api'
import { t } from '../../language/t.ts'

/** The time zone of this browser. */
const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

const rule = (over: Partial<RuleView>): RuleView => ({
  id: 0,
  enabled: true,
  topics: [],
  severity: 'info',
  jails: [],
  nodes: [],
  channels: [],
  pace: 'attack',
  dailyAt: '08:00',
  quiet: null,
  zone: ownZone(),
  ...over,
})

/** What a new channel is told when nothing else is said: what needs somebody, and attacks. */
export function suggestedRules(channel: number): readonly RuleBody[] {
  return [
    rule({ severity: 'warning', channels: [channel] }),
    rule({ topics: ['ban'], channels: [channel], quiet: { from: '22:00', to: '07:00', critical: false } }),
  ].map(({ id: _id, ...body }) => body)
}

/** What a rule is about, as it is chosen. */
export type About = 'info' | 'warning' | 'critical' | 'chosen'
export const aboutOf = ({ topics, severity }: RuleView): About => (topics.length > 0 ? 'chosen' : severity)

/** A new rule: bans, told to the only channel there is, or to nobody yet. */
export const newRule = (channels: readonly number[]): RuleView =>
  rule({ topics: ['ban'], channels: channels.length === 1 ? [...channels] : [] })

/** A list with a name put in or taken out. */
export const toggled = <T>(list: readonly T[], one: T, on: boolean): T[] =>
  on ? [...list.filter((other) => other !== one), one] : list.filter((other) => other !== one)

/** What is missing before a rule can be kept; null: nothing. */
export function lackOf(draft: RuleView, about: About): string | null {
  if (about === 'chosen' && draft.topics.length === 0) return t('Choose what it is about.')
  if (draft.channels.length === 0) return t('Choose who is told.')
  if (draft.quiet !== null && draft.quiet.from === draft.quiet.to)
    return t('Quiet hours must not end when they begin.')
  return null
}

/** Topics by how grave they are, the gravest first. */
export const byGravity = (topics: readonly TopicView[]): readonly TopicView[] => {
  const order = { critical: 0, warning: 1, info: 2 } as const
  return topics.toSorted((one, other) => order[one.severity] - order[other.severity])
}
