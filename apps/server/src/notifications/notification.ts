import type { EpochMs } from '@warder/core'
import type { RuleWish, Severity, Topic } from '@warder/protocol/api'
import { ranked, type Counts, type Tally } from './tally.ts'
import { writtenIn } from './zone.ts'

/** What is sent to a channel, whatever its kind. Plain text: each channel escapes it in its own way. */
export interface Notification {
  readonly topic: Topic | 'digest' | 'test'
  readonly severity: Severity
  readonly title: string
  readonly text: string
  readonly count: number
  readonly from: EpochMs
  readonly until: EpochMs
  readonly nodes: readonly string[]
  readonly jails: readonly string[]
  readonly addresses: readonly string[]
}

const NOUNS: Readonly<Record<Topic, readonly [one: string, many: string]>> = {
  ban: ['ban', 'bans'],
  'ban-refused': ['refused ban', 'refused bans'],
  'sign-in-failed': ['failed sign-in', 'failed sign-ins'],
  'node-lost': ['lost node', 'lost nodes'],
  'node-back': ['node back', 'nodes back'],
  'firewall-failed': ['firewall failure', 'firewall failures'],
  'firewall-drifted': ['mended firewall', 'mended firewalls'],
  'jail-failed': ['failed jail', 'failed jails'],
  'jail-paused': ['paused jail', 'paused jails'],
  'jail-back': ['jail back', 'jails back'],
  'source-lost': ['unreadable log', 'unreadable logs'],
  'source-regained': ['log read again', 'logs read again'],
  'settings-refused': ['refused revision', 'refused revisions'],
  'events-lost': ['gap in events', 'gaps in events'],
  'jail-silent': ['silent jail', 'silent jails'],
  'clock-skew': ['wrong clock', 'wrong clocks'],
  'version-skew': ['other version', 'other versions'],
  'outbox-growing': ['jam of events', 'jams of events'],
  'disk-low': ['disk almost full', 'disks almost full'],
  'backup-failed': ['failed backup', 'failed backups'],
  'alarm-over': ['alarm over', 'alarms over'],
}

/** Most names of one sort in a text, and in what a webhook is told. */
const SHOWN = 8
const LISTED = 20

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

function topicsOf({ topics }: Tally): readonly string[] {
  return ranked(topics).map(([topic, count]) => many(count, ...(NOUNS[topic as Topic] ?? [topic, topic])))
}

function listOf(label: string, counts: Counts): string | null {
  const all = ranked(counts)
  if (all.length === 0) return null
  const shown = all.slice(0, SHOWN).map(([name, count]) => (count === 1 ? name : `${name} (${count})`))
  const rest = all.length - shown.length + counts.others
  return `${label}: ${shown.join(', ')}${rest > 0 ? ` and ${counts.others > 0 ? 'at least ' : ''}${rest} more` : ''}.`
}

function titleOf(rule: RuleWish, tally: Tally, more: boolean): string {
  const what = topicsOf(tally).slice(0, 3).join(', ')
  if (rule.pace === 'hourly') return `Last hour: ${what}`
  if (rule.pace === 'daily') return `Last day: ${what}`
  const addresses = Object.keys(tally.addresses.named).length
  const nodes = Object.keys(tally.nodes.named).length
  const [count = '', ...noun] = what.split(' ')
  const of = addresses > 1 ? ` of ${addresses}${tally.addresses.others > 0 ? '+' : ''} addresses` : ''
  const on = nodes > 1 ? ` on ${nodes} nodes` : nodes === 1 ? ` on ${Object.keys(tally.nodes.named)[0]}` : ''
  return `${count}${more ? ' more' : ''} ${noun.join(' ')}${of}${on}`
}

/** What was collected → what is sent. `more`: there was one before in the same storm. */
export function notificationOf(rule: RuleWish, tally: Tally, more: boolean): Notification {
  const kinds = Object.keys(tally.topics.named)
  const digest = rule.pace === 'hourly' || rule.pace === 'daily'
  const [only] = tally.told
  const about = {
    topic: digest || kinds.length > 1 ? 'digest' : (only?.topic ?? 'digest'),
    severity: tally.severity,
    count: tally.count,
    from: tally.first,
    until: tally.last,
    nodes: namesOf(tally.nodes),
    jails: namesOf(tally.jails),
    addresses: namesOf(tally.addresses),
  } as const
  const [from, until] = [writtenIn(tally.first, rule.zone), writtenIn(tally.last, rule.zone)]
  if (tally.count === 1 && only !== undefined && !digest) {
    const when = `${from} (${rule.zone})`
    return {
      ...about,
      title: only.title,
      text: [only.detail, when].filter((line) => line !== null).join('\n'),
    }
  }
  const lines = [
    kinds.length > 1 ? `${topicsOf(tally).join(', ')}.` : null,
    from === until ? `At ${from} (${rule.zone}).` : `From ${from} to ${until} (${rule.zone}).`,
    listOf('Jails', tally.jails),
    listOf('Nodes', tally.nodes),
    listOf('Addresses', tally.addresses),
    ...examplesOf(tally),
  ]
  return {
    ...about,
    title: titleOf(rule, tally, more),
    text: lines.filter((line) => line !== null).join('\n'),
  }
}

/** Bans are told by their numbers; of what is rare the sentences say more. */
function examplesOf({ told, count, topics }: Tally): readonly string[] {
  const rare = told.filter(({ topic }) => topic !== 'ban' && topic !== 'sign-in-failed')
  const seen = [
    ...new Set(rare.map(({ title, detail }) => (detail === null ? `${title}.` : `${title}. ${detail}`))),
  ]
  const onlyRare = !('ban' in topics.named) && !('sign-in-failed' in topics.named)
  return onlyRare && count > told.length ? [...seen, `And ${count - told.length} more.`] : seen
}

const namesOf = (counts: Counts): readonly string[] =>
  ranked(counts)
    .slice(0, LISTED)
    .map(([name]) => name)

/** What the test button sends. */
export const testNotification = (channel: string, at: EpochMs): Notification => ({
  topic: 'test',
  severity: 'info',
  title: 'Warder: a test',
  text: `The channel "${channel}" works.`,
  count: 1,
  from: at,
  until: at,
  nodes: [],
  jails: [],
  addresses: [],
})
