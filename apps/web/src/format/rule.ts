import type { RuleView } from '@warder/protocol/api'
import { capital } from './words.ts'

/** What happens, as a clause behind "When". */
const CLAUSES: Readonly<Record<string, string>> = {
  ban: 'a jail bans',
  'ban-refused': 'a ban is refused',
  'sign-in-failed': 'somebody fails to sign in here',
  'node-lost': 'a node is lost',
  'node-back': 'a lost node is back',
  'firewall-failed': 'a firewall fails',
  'firewall-drifted': 'a firewall had to be mended',
  'jail-failed': 'a jail cannot run',
  'jail-paused': 'a jail is paused',
  'jail-back': 'a jail runs again',
  'source-lost': 'a log cannot be read',
  'source-regained': 'a log is read again',
  'settings-refused': 'settings are refused',
  'events-lost': 'events are lost',
}

/** What a topic is called in a list to choose from. */
export const topicWords = (topic: string): string => capital(CLAUSES[topic] ?? topic.replaceAll('-', ' '))

const SEVERITY = {
  info: 'anything happens',
  warning: 'something needs attention',
  critical: 'something critical happens',
} as const

export const PACES = {
  attack: 'one message per attack',
  each: 'at once, one message a minute at most',
  hourly: 'together every hour',
  daily: 'together once a day',
} as const

/** `a, b or c`. */
const or = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
/** `a, b and c`. */
const and = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

function whatOf({ topics, severity, jails }: RuleView): string {
  if (topics.length === 0) return SEVERITY[severity]
  const only = topics.length === 1 && topics[0] === 'ban'
  const clauses = topics.map((topic) =>
    topic === 'ban' && jails.length > 0 ? `${or(jails)} bans` : (CLAUSES[topic] ?? topic),
  )
  const grave =
    severity === 'info' || only
      ? ''
      : ` (${severity === 'critical' ? 'critical' : 'warnings or graver'} only)`
  return `${or(clauses)}${grave}`
}

/** What is no attack has no end of its own: the word would be wrong. */
const isAboutAttacks = ({ topics, severity }: RuleView): boolean =>
  topics.includes('ban') || topics.includes('sign-in-failed') || (topics.length === 0 && severity === 'info')

function paceOf(rule: RuleView): string {
  if (rule.pace === 'daily') return `together every day at ${rule.dailyAt}`
  return rule.pace === 'attack' && !isAboutAttacks(rule)
    ? 'the first at once, more of it together'
    : PACES[rule.pace]
}

function quietOf({ quiet }: RuleView): string {
  if (quiet === null) return ''
  return `, quiet from ${quiet.from} to ${quiet.to}${quiet.critical ? ' but for what is critical' : ''}`
}

/**
 * A rule as somebody would say it: `When sshd bans on any node, tell phone: one message per attack, quiet from
 * 22:00 to 07:00.` `nameOf`: the name of a channel by its id.
 */
export function ruleSentence(rule: RuleView, nameOf: (id: number) => string): string {
  const { topics, jails, nodes, channels } = rule
  const aboutBans = topics.length > 0 && topics.includes('ban')
  const jailWords = jails.length > 0 && !aboutBans ? ` in ${or(jails)}` : ''
  const where = nodes.length > 0 ? ` on ${or(nodes)}` : aboutBans ? ' on any node' : ''
  const whom = channels.length === 0 ? 'nobody' : and(channels.map(nameOf))
  return `When ${whatOf(rule)}${jailWords}${where}, tell ${whom}: ${paceOf(rule)}${quietOf(rule)}.`
}
