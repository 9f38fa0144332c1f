import type { RuleView } from '@warder/protocol/api'
import { capital } from './words.ts'
import { t } from '../language/t.ts'

/** What happens, as a clause behind "When". */
const CLAUSES: Readonly<Record<string, string>> = {
  ban: t('a jail bans'),
  'ban-refused': t('a ban is refused'),
  'sign-in-failed': t('somebody fails to sign in here'),
  'node-lost': t('a node is lost'),
  'node-back': t('a lost node is back'),
  'firewall-failed': t('a firewall fails'),
  'firewall-drifted': t('a firewall had to be mended'),
  'jail-failed': t('a jail cannot run'),
  'jail-paused': t('a jail is paused'),
  'jail-back': t('a jail runs again'),
  'source-lost': t('a log cannot be read'),
  'source-regained': t('a log is read again'),
  'settings-refused': t('settings are refused'),
  'events-lost': t('events are lost'),
}

/** What a topic is called in a list to choose from. */
export const topicWords = (topic: string): string => capital(CLAUSES[topic] ?? topic.replaceAll('-', ' '))

const SEVERITY = {
  info: t('anything happens'),
  warning: t('something needs attention'),
  critical: t('something critical happens'),
} as const

export const PACES = {
  attack: t('one message per attack'),
  each: t('at once, one message a minute at most'),
  hourly: t('together every hour'),
  daily: t('together once a day'),
} as const

/** `a, b or c`. */
const or = (words: readonly string[]): string =>
  words.length < 2
    ? (words[0] ?? '')
    : t('{words} or {words2}', { words: words.slice(0, -1).join(', '), words2: words.at(-1) })
/** `a, b and c`. */
const and = (words: readonly string[]): string =>
  words.length < 2
    ? (words[0] ?? '')
    : t('{words} and {words2}', { words: words.slice(0, -1).join(', '), words2: words.at(-1) })

function whatOf({ topics, severity, jails }: RuleView): string {
  if (topics.length === 0) return SEVERITY[severity]
  const only = topics.length === 1 && topics[0] === 'ban'
  const clauses = topics.map((topic) =>
    topic === 'ban' && jails.length > 0 ? t('{or} bans', { or: or(jails) }) : (CLAUSES[topic] ?? topic),
  )
  const grave =
    severity === 'info' || only
      ? ''
      : t(' ({what} only)', { what: severity === 'critical' ? 'critical' : t('warnings or graver') })
  return `${or(clauses)}${grave}`
}

/** What is no attack has no end of its own: the word would be wrong. */
const isAboutAttacks = ({ topics, severity }: RuleView): boolean =>
  topics.includes('ban') || topics.includes('sign-in-failed') || (topics.length === 0 && severity === 'info')

function paceOf(rule: RuleView): string {
  if (rule.pace === 'daily') return t('together every day at {dailyAt}', { dailyAt: rule.dailyAt })
  return rule.pace === 'attack' && !isAboutAttacks(rule)
    ? t('the first at once, more of it together')
    : PACES[rule.pace]
}

function quietOf({ quiet }: RuleView): string {
  if (quiet === null) return ''
  return t(', quiet from {from} to {to}{what}', {
    from: quiet.from,
    to: quiet.to,
    what: quiet.critical ? t(' but for what is critical') : '',
  })
}

/**
 * A rule as somebody would say it: `When sshd bans on any node, tell phone: one message per attack, quiet from
 * 22:00 to 07:00.` `nameOf`: the name of a channel by its id.
 */
export function ruleSentence(rule: RuleView, nameOf: (id: number) => string): string {
  const { topics, jails, nodes, channels } = rule
  const aboutBans = topics.length > 0 && topics.includes('ban')
  const jailWords = jails.length > 0 && !aboutBans ? t(' in {or}', { or: or(jails) }) : ''
  const where = nodes.length > 0 ? t(' on {or}', { or: or(nodes) }) : aboutBans ? t(' on any node') : ''
  const whom = channels.length === 0 ? 'nobody' : and(channels.map(nameOf))
  return t('When {what}{jailWords}{where}, tell {whom}: {pace}{quiet}.', {
    what: whatOf(rule),
    jailWords,
    where,
    whom,
    pace: paceOf(rule),
    quiet: quietOf(rule),
  })
}
