import type { Ban } from '@warder/core'
import type { BanView } from '@warder/protocol/api'
import { perLanguage } from '../language/in-force.ts'
import { n, t } from '../language/t.ts'
import { formatNames } from './count.ts'
import { formatSpan } from './duration.ts'

/** What a ban's reason is made of, in an event of a node and in an answer of the server. */
interface Known {
  readonly origin: Ban['origin']
  readonly by?: string | null | undefined
  readonly reason?: string | null | undefined
  readonly ticket?: Ban['ticket'] | BanView['ticket'] | undefined
  readonly from?: Ban['from'] | BanView['from'] | undefined
}
type Evidence = NonNullable<Known['ticket']>
type Unit = 'day' | 'hour' | 'minute' | 'second'

const USERS_SHOWN = 3

const long = (unit: Unit): (() => Intl.NumberFormat) =>
  perLanguage((locale) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }))
const UNITS = { day: long('day'), hour: long('hour'), minute: long('minute'), second: long('second') }
const LENGTHS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** `10 minutes` where it is a whole number of one unit; else as short as elsewhere. */
function spanWords(seconds: number): string {
  const fitting = LENGTHS.find(([, length]) => seconds % length === 0)
  return fitting === undefined ? formatSpan(seconds) : UNITS[fitting[0]]().format(seconds / fitting[1])
}

/** A span without the precision that nobody reads. */
function aboutWords(seconds: number): string {
  if (seconds < 120) return UNITS.second().format(seconds)
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return UNITS.minute().format(minutes)
  const hours = Math.round(minutes / 60)
  return hours < 48 ? UNITS.hour().format(hours) : UNITS.day().format(Math.round(hours / 24))
}

function countedWords({ counts }: Evidence, count: number): string {
  if (counts === 'neighbours')
    return n(count, '{count} of its addresses banned', '{count} of its addresses banned')
  if (counts === 'bans') return n(count, '{count} ban', '{count} bans')
  return n(count, '{count} failed login', '{count} failed logins')
}

function usersWords(users: readonly string[]): string {
  const shown = users.slice(0, USERS_SHOWN).join(', ')
  const rest = users.length - USERS_SHOWN
  return rest > 0 ? n(rest, '{users} and {count} more', '{users} and {count} more', { users: shown }) : shown
}

function evidenceWords(ticket: Evidence): string {
  const { failures, seen = failures, first, last, maxretry, findtime, users, offence } = ticket
  const count = Math.min(failures, seen)
  let what = countedWords(ticket, count)
  if (users.length > 0) what = t('{what} as {users}', { what, users: usersWords(users) })
  if (count > 1) {
    const seconds = Math.max(1, Math.ceil((last - first) / 1000))
    what =
      seconds === 1
        ? t('{what} within a second', { what })
        : t('{what} within {span}', { what, span: aboutWords(seconds) })
  }
  what = t('{what} (limit {maxretry} in {span})', { what, maxretry, span: spanWords(findtime) })
  if (seen < failures)
    what = t('{what}, counted as {failures} of one that was banned before', { what, failures })
  return offence === undefined ? what : t('{what}; ban number {offence} of this address', { what, offence })
}

function orderWords({ origin, by, reason }: Known): string {
  if (origin === 'list') return t('on the deny list {list}', { list: by }).trim()
  const who = t('banned by {by}', { by: by ?? t('an operator') })
  return reason == null ? who : `${who}: ${reason}`
}

/**
 * Why a ban exists, in one clause: what the core's `explainBan` says in English, in the language in force. `node`: where
 * it was seen, if that is to be told. User names are attackers' text: to be shown, never to be interpreted.
 */
export function whyWords(ban: Known, node?: string): string {
  const { ticket, from } = ban
  if (from != null) {
    const why = ticket == null ? t('banned') : evidenceWords(ticket)
    const nodes = from.nodes.length === 0 ? t('another node') : formatNames(from.nodes)
    return t('{why}, seen on {nodes}; shared by policy {policy}', { why, nodes, policy: from.policy })
  }
  const why = ticket == null ? orderWords(ban) : evidenceWords(ticket)
  return node === undefined ? why : t('{why}, seen on {nodes}', { why, nodes: node })
}

/** Why a ban is there, as the server says it in English: with the node that saw it. */
export const whyOf = (ban: BanView): string => whyWords(ban, ban.ticket === null ? undefined : ban.node)
