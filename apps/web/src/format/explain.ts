import type { BanView } from '@warder/protocol/api'
import { n, t } from '../language/t.ts'
import { formatNames } from './count.ts'
import { formatExact, formatSeconds } from './date.ts'
import { formatAbout, formatLasted, formatSpan } from './duration.ts'
import { whyWords } from './why.ts'
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

function ruleOf(ban: BanView, { counts, maxretry, findtime }: Ticket): string {
  const values = { jail: ban.from?.jail ?? ban.jail, findtime: formatSpan(findtime) }
  if (counts === 'bans')
    return n(
      maxretry,
      'In {jail}, {count} ban by other jails within {findtime} leads to a ban.',
      'In {jail}, {count} bans by other jails within {findtime} lead to a ban.',
      values,
    )
  if (counts === 'neighbours')
    return n(
      maxretry,
      'In {jail}, {count} banned address of a subnet within {findtime} leads to a ban.',
      'In {jail}, {count} banned addresses of a subnet within {findtime} lead to a ban.',
      values,
    )
  return n(
    maxretry,
    'In {jail}, {count} failed login within {findtime} leads to a ban.',
    'In {jail}, {count} failed logins within {findtime} lead to a ban.',
    values,
  )
}

/** Why what was seen and what was counted are not the same number. */
function weightOf({ failures, seen = failures, maxretry }: Ticket): string {
  const values = { seen, failures, maxretry }
  if (seen < failures)
    return t(
      '{seen} seen count as {failures}, since it was banned before: {failures} reaches the limit of {maxretry}.',
      values,
    )
  if (seen > failures)
    return t(
      '{seen} seen count as {failures}, since older ones count less: {failures} reaches the limit of {maxretry}.',
      values,
    )
  return t('All {failures} count: {failures} reaches the limit of {maxretry}.', { failures, maxretry })
}

function windowOf(ticket: Ticket): string {
  const took = ticket.last - ticket.first
  const sameDay = new Date(ticket.first).toDateString() === new Date(ticket.last).toDateString()
  const weight = weightOf(ticket)
  if (ticket.failures === 1 || took === 0)
    return `${t('Seen at {time}.', { time: formatExact(ticket.last) })} ${weight}`
  // In whole seconds, so that what was used and what is left make the window.
  const spare = ticket.findtime - Math.ceil(took / 1_000)
  const values = {
    from: formatExact(ticket.first),
    to: sameDay ? formatSeconds(ticket.last) : formatExact(ticket.last),
    took: formatLasted(took),
    findtime: formatSpan(ticket.findtime),
  }
  const lay =
    spare > 0
      ? t('From {from} to {to}: {took} of the {findtime} that count, {spare} to spare.', {
          ...values,
          spare: formatSpan(spare),
        })
      : t('From {from} to {to}: {took} of the {findtime} that count.', values)
  return `${lay} ${weight}`
}

function lengthOf({ at, until, origin, ticket }: BanView): string {
  if (origin === 'list') return t('It lasts as long as the list names it.')
  const lasts =
    until === null
      ? t('Banned for ever.')
      : t('Banned for {span}, until {until}.', {
          span: formatAbout(Math.max(1, Math.round((until - at) / 1_000))),
          until: formatExact(until),
        })
  const offence = ticket?.offence
  if (offence === undefined) return lasts
  return `${lasts} ${t('It is ban number {offence} of this address, and bans of this jail grow with each.', { offence })}`
}

/** Explains a ban, as the evidence that was kept with it says it. */
export function explain(ban: BanView): Explanation {
  const { ip, node, jail, ticket, from } = ban
  const values = {
    ip,
    where: jail === 'manual' ? node : t('{node} in {jail}', { node, jail }),
    why: sentence(whyWords(ban)),
  }
  return {
    sentence: ban.active
      ? t('{ip} is banned on {where}. {why}', values)
      : t('{ip} was banned on {where}. {why}', values),
    rule: ticket === null ? null : ruleOf(ban, ticket),
    window: ticket === null ? null : windowOf(ticket),
    length: lengthOf(ban),
    shared:
      from === null
        ? null
        : t('Seen on {nodes}; it holds here too by the policy “{policy}” of {jail}.', {
            nodes: formatNames(from.nodes),
            policy: from.policy,
            jail: from.jail,
          }),
  }
}

/** The explanation as text to paste into a ticket or a mail. `place`: where the address is at home; `link`: to this ban. */
export function reportOf(ban: BanView, { place, link }: { place: string; link: string }): string {
  const { sentence: first, rule, window, length, shared } = explain(ban)
  const lines = ban.ticket?.lines ?? []
  return [
    place === '' ? first : `${first} ${t('At home in {place}.', { place })}`,
    ...[rule, window, length, shared].filter((part) => part !== null),
    ...(lines.length > 0 ? ['', t('From the log:'), ...lines.map((line) => `  ${line}`)] : []),
    '',
    link,
  ].join('\n')
}
