import { formatDuration } from '../time/duration.ts'
import type { Ban, SharedFrom, Ticket } from './ban.ts'

const USERS_SHOWN = 3

function asUsers(users: readonly string[]): string {
  if (users.length === 0) return ''
  const shown = users.slice(0, USERS_SHOWN).join(', ')
  const rest = users.length - USERS_SHOWN
  return ` as ${shown}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** The span between the first and the last failure, without the precision that nobody reads. */
function withinSpan(ticket: Ticket): string {
  if (Math.min(ticket.failures, ticket.seen ?? ticket.failures) < 2) return ''
  const seconds = Math.max(1, Math.ceil((ticket.last - ticket.first) / 1000))
  if (seconds === 1) return ' within a second'
  if (seconds < 120) return ` within ${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return ` within ${minutes} minutes`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? ` within ${hours} hours` : ` within ${Math.round(hours / 24)} days`
}

/** `10m` → `10 minutes` where the limit is a whole number of one unit; else as formatDuration writes it. */
function inWords(seconds: number): string {
  for (const [unit, length] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const) {
    if (seconds % length !== 0) continue
    const count = seconds / length
    return count === 1 ? `1 ${unit}` : `${count} ${unit}s`
  }
  return formatDuration(seconds)
}

const byOperator = (ban: Ban): string => {
  if (ban.origin === 'list') return `on the deny list ${ban.by ?? ''}`.trimEnd()
  return `banned by ${ban.by ?? 'an operator'}${ban.reason === undefined ? '' : `: ${ban.reason}`}`
}

/** `3rd`, and `11th` of all that end in a tee. */
function ordinal(count: number): string {
  const ending = Math.floor(count / 10) % 10 === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `${count}${ending}`
}

/** What an earlier ban has to do with it. */
function byHistory({ failures, seen = failures, offence }: Ticket): string {
  const weight = seen < failures ? `, counted as ${failures} of one that was banned before` : ''
  return offence === undefined ? weight : `${weight}; its ${ordinal(offence)} ban`
}

/** What was counted; of neighbours there are always several. */
function counted({ counts }: Ticket, failures: number): string {
  if (counts === 'neighbours') return 'of its addresses banned'
  return `${counts === 'bans' ? 'ban' : 'failed login'}${failures === 1 ? '' : 's'}`
}

function byEvidence(ticket: Ticket): string {
  const failures = Math.min(ticket.failures, ticket.seen ?? ticket.failures)
  const what = counted(ticket, failures)
  const limit = `limit ${ticket.maxretry} in ${inWords(ticket.findtime)}`
  return `${failures} ${what}${asUsers(ticket.users)}${withinSpan(ticket)} (${limit})${byHistory(ticket)}`
}

/** `pve1, pve2 and 3 more` */
function inNames(names: readonly string[]): string {
  const shown = names.slice(0, USERS_SHOWN)
  const rest = names.length - shown.length
  const last = rest > 0 ? `${rest} more` : shown.pop()
  return shown.length === 0 ? (last ?? 'another node') : `${shown.join(', ')} and ${last}`
}

const bySharing = ({ ticket }: Ban, { nodes, policy }: SharedFrom): string =>
  `${ticket === undefined ? 'banned' : byEvidence(ticket)}, seen on ${inNames(nodes)}; shared by policy ${policy}`

/**
 * Why a ban exists, in one English sentence without a full stop:
 * `5 failed logins as root, admin within 8 minutes (limit 5 in 10 minutes)`, then which ban of the address it is where
 * bans grow, then where it was seen when the node is given. User names are attacker text: to be shown, never to be interpreted.
 */
export function explainBan(ban: Ban, node?: string): string {
  if (ban.from !== undefined) return bySharing(ban, ban.from)
  const why = ban.ticket === undefined ? byOperator(ban) : byEvidence(ban.ticket)
  return node === undefined ? why : `${why}, seen on ${node}`
}
