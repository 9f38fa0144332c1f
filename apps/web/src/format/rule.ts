import type { RuleView } from '@warder/protocol/api'
import { english, t } from '../language/t.ts'
import { formatAll, formatAny } from './count.ts'
import { capital } from './words.ts'

/** What happens, as a clause behind "When". */
const CLAUSES: Readonly<Record<string, string>> = {
  ban: english('a jail bans'),
  'ban-refused': english('a ban is refused'),
  'sign-in-failed': english('somebody fails to sign in here'),
  'node-lost': english('a node is lost'),
  'node-back': english('a lost node is back'),
  'firewall-failed': english('a firewall fails'),
  'firewall-drifted': english('a firewall had to be mended'),
  'jail-failed': english('a jail cannot run'),
  'jail-paused': english('a jail is paused'),
  'jail-back': english('a jail runs again'),
  'source-lost': english('a log cannot be read'),
  'source-regained': english('a log is read again'),
  'settings-refused': english('settings are refused'),
  'events-lost': english('events are lost'),
}

const clauseOf = (topic: string): string =>
  Object.hasOwn(CLAUSES, topic) ? t(CLAUSES[topic] ?? topic) : topic.replaceAll('-', ' ')

/** What a topic is called in a list to choose from. */
export const topicWords = (topic: string): string => capital(clauseOf(topic))

const SEVERITY = {
  info: english('anything happens'),
  warning: english('something needs attention'),
  critical: english('something critical happens'),
} as const

const PACES = {
  attack: english('one message per attack'),
  each: english('at once, one message a minute at most'),
  hourly: english('together every hour'),
  daily: english('together once a day'),
} as const

/** How often somebody can be told, to choose from. */
export const paceChoices = (): readonly { readonly value: string; readonly label: string }[] =>
  Object.entries(PACES).map(([value, pace]) => ({ value, label: capital(t(pace)) }))

function whatOf({ topics, severity, jails }: RuleView): string {
  if (topics.length === 0) return t(SEVERITY[severity])
  const only = topics.length === 1 && topics[0] === 'ban'
  const what = formatAny(
    topics.map((topic) =>
      topic === 'ban' && jails.length > 0 ? t('{jails} bans', { jails: formatAny(jails) }) : clauseOf(topic),
    ),
  )
  if (severity === 'info' || only) return what
  return severity === 'critical'
    ? t('{what} (critical only)', { what })
    : t('{what} (warnings or graver only)', { what })
}

/** What is no attack has no end of its own: the word would be wrong. */
const isAboutAttacks = ({ topics, severity }: RuleView): boolean =>
  topics.includes('ban') || topics.includes('sign-in-failed') || (topics.length === 0 && severity === 'info')

function paceOf(rule: RuleView): string {
  if (rule.pace === 'daily') return t('together every day at {time}', { time: rule.dailyAt })
  return rule.pace === 'attack' && !isAboutAttacks(rule)
    ? t('the first at once, more of it together')
    : t(PACES[rule.pace])
}

function withQuiet({ quiet }: RuleView, pace: string): string {
  if (quiet === null) return pace
  const values = { pace, from: quiet.from, to: quiet.to }
  return quiet.critical
    ? t('{pace}, quiet from {from} to {to} but for what is critical', values)
    : t('{pace}, quiet from {from} to {to}', values)
}

/**
 * A rule as somebody would say it: `When sshd bans on any node, tell phone: one message per attack, quiet from
 * 22:00 to 07:00.` `nameOf`: the name of a channel by its id.
 */
export function ruleSentence(rule: RuleView, nameOf: (id: number) => string): string {
  const { topics, jails, nodes, channels } = rule
  const isAboutBans = topics.includes('ban')
  let what = whatOf(rule)
  if (jails.length > 0 && !isAboutBans) what = t('{what} in {jails}', { what, jails: formatAny(jails) })
  if (nodes.length > 0) what = t('{what} on {nodes}', { what, nodes: formatAny(nodes) })
  else if (isAboutBans) what = t('{what} on any node', { what })
  const whom = channels.length === 0 ? t('nobody') : formatAll(channels.map(nameOf))
  return t('When {what}, tell {whom}: {pace}.', { what, whom, pace: withQuiet(rule, paceOf(rule)) })
}
