import type { BanView } from '@warder/protocol/api'
import { formatMany, formatNames } from './count.ts'
import { formatExact, formatSeconds } from './date.ts'
import { formatAbout, formatLasted, formatSpan } from './duration.ts'
import { sentence } from './words.ts'

type Ticket = NonNullable<BanView['ticket']>

/** Why a ban is there, step by step, each a sentence. Names of users and lines are attackers' text. */
export interface Explanation {
  /** Who is banned where, and why, in one. */
  readonly sentence: string
  /** The rule that it was held against; null where no rule decided. */
  readonly rule: string | null
  /** How what was seen lies in the window, and how it adds up; null as above. */
  readonly window: string | null
  /** How long, and which ban of the address it is. */
  readonly length: string
  /** How it came to this node, when another one saw it. */
  readonly shared: string | null
}

/** What a jail counts, one of them and several. */
function countedOf({ counts }: Ticket): readonly [one: string, many: string] {
  if (counts === 'bans') return ['ban by other jails', 'bans by other jails']
  if (counts === 'neighbours') return ['banned address of a subnet', 'banned addresses of a subnet']
  return ['failed login', 'failed logins']
}

function ruleOf(ban: BanView, ticket: Ticket): string {
  const [one, many] = countedOf(ticket)
  const jail = ban.from?.jail ?? ban.jail
  const leads = ticket.maxretry === 1 ? 'leads' : 'lead'
  return `In ${jail}, ${formatMany(ticket.maxretry, one, many)} within ${formatSpan(ticket.findtime)} ${leads} to a ban.`
}

/** Why what was seen and what was counted are not the same number. */
function weightOf({ failures, seen = failures, maxretry }: Ticket): string {
  const reached = `${failures} reaches the limit of ${maxretry}`
  if (seen < failures) return `${seen} seen count as ${failures}, since it was banned before: ${reached}.`
  if (seen > failures) return `${seen} seen count as ${failures}, since older ones count less: ${reached}.`
  return `All ${failures} count: ${reached}.`
}

function windowOf(ticket: Ticket): string {
  const took = ticket.last - ticket.first
  const sameDay = new Date(ticket.first).toDateString() === new Date(ticket.last).toDateString()
  const last = sameDay ? formatSeconds(ticket.last) : formatExact(ticket.last)
  if (ticket.failures === 1 || took === 0) return `Seen at ${formatExact(ticket.last)}. ${weightOf(ticket)}`
  // In whole seconds, so that what was used and what is left make the window.
  const spare = ticket.findtime - Math.ceil(took / 1_000)
  const of = `${formatLasted(took)} of the ${formatSpan(ticket.findtime)} that count`
  const room = spare > 0 ? `, ${formatSpan(spare)} to spare` : ''
  return `From ${formatExact(ticket.first)} to ${last}: ${of}${room}. ${weightOf(ticket)}`
}

/** `3rd`, and `11th` of all that end in a tee. */
const ordinal = (count: number): string =>
  `${count}${Math.floor(count / 10) % 10 === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')}`

function lengthOf({ at, until, origin, ticket }: BanView): string {
  if (origin === 'list') return 'It lasts as long as the list names it.'
  const lasts =
    until === null
      ? 'Banned for ever'
      : `Banned for ${formatAbout(Math.max(1, Math.round((until - at) / 1_000)))}, until ${formatExact(until)}`
  const offence = ticket?.offence
  return offence === undefined
    ? `${lasts}.`
    : `${lasts}. It is the ${ordinal(offence)} ban of this address, and bans of this jail grow with each.`
}

/** Explains a ban, as the evidence that was kept with it says it. */
export function explain(ban: BanView): Explanation {
  const { ip, node, jail, ticket, from, why } = ban
  const where = jail === 'manual' ? node : `${node} in ${jail}`
  return {
    sentence: `${ip} ${ban.active ? 'is' : 'was'} banned on ${where}. ${sentence(why)}`,
    rule: ticket === null ? null : ruleOf(ban, ticket),
    window: ticket === null ? null : windowOf(ticket),
    length: lengthOf(ban),
    shared:
      from === null
        ? null
        : `Seen on ${formatNames(from.nodes)}; it holds here too by the policy “${from.policy}” of ${from.jail}.`,
  }
}

/** The explanation as text to paste into a ticket or a mail. `place`: where the address is at home; `link`: to this ban. */
export function reportOf(ban: BanView, { place, link }: { place: string; link: string }): string {
  const { sentence: first, rule, window, length, shared } = explain(ban)
  const lines = ban.ticket?.lines ?? []
  return [
    place === '' ? first : `${first} At home in ${place}.`,
    ...[rule, window, length, shared].filter((part) => part !== null),
    ...(lines.length > 0 ? ['', 'From the log:', ...lines.map((line) => `  ${line}`)] : []),
    '',
    link,
  ].join('\n')
}
