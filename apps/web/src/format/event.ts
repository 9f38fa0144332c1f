import type { Ban, NodeEvent } from '@warder/core'
import { counted, n, plain, said, t } from '../language/t.ts'
import type { Said } from '../language/message.ts'
import { howLong } from './duration.ts'
import { machineWords, type Machine } from './machine.ts'
import { reasonWords } from './reason.ts'
import { whyWords } from './why.ts'

/** Which meaning an event has; each has its own icon and, where it matters, colour. */
export type EventTone = 'ban' | 'lift' | 'failure' | 'quiet' | 'settings' | 'good' | 'problem'

/** An event as a sentence. `detail` is a second, weaker sentence. */
export interface EventWords {
  readonly tone: EventTone
  /** With a place `{ip}` for the address that it is about, to be drawn as one; none where it is about none. */
  readonly sentence: Said
  /** The sentence where it is clear which address is meant: `Failed login as root`, `Banned for 1h`. */
  readonly short: string
  readonly ip: string | null
  readonly detail: string
  readonly jail: string | null
}

/** How often an event happened, and from how many addresses, where several are told as one. */
export interface Times {
  readonly count: number
  readonly addresses: number
}

/** Any event in words. */
export function eventWords(event: NodeEvent, times: Times = { count: 1, addresses: 1 }): EventWords {
  switch (event.kind) {
    case 'failure.found':
      return failureWords(event, times)
    case 'success.found':
      return successWords(event)
    case 'failure.ignored': {
      const reason = reasonWords(event.reason)
      const short = t('Not counted: {reason}', { reason })
      return say('quiet', event, { sentence: said('Not counted: {ip}, {reason}', { reason }), short })
    }
    case 'ban.added':
      return banWords(event.ban, false)
    case 'ban.extended':
      return banWords(event.ban, true)
    case 'ban.lifted': {
      const { by, reason = '' } = event
      const short = t('Unbanned by {by}', { by })
      return {
        ...say('lift', event, { sentence: said('{ip} unbanned by {by}', { by }), short }),
        detail: reason,
      }
    }
    case 'ban.expired':
      return say('lift', event, { sentence: said('Ban of {ip} is over'), short: t('Ban is over') })
    case 'ban.refused':
      return refusedWords(event)
    default:
      return ofMachine(event)
  }
}

/** An event's sentence as plain text, the address in it. */
export const eventText = ({ sentence, ip }: EventWords): string =>
  plain({ text: sentence.text, values: { ...sentence.values, ip } })

function failureWords(
  event: Extract<NodeEvent, { kind: 'failure.found' }>,
  { count, addresses }: Times,
): EventWords {
  const failed = n(count, '{count} failed login', '{count} failed logins')
  if (addresses > 1) {
    const from = n(addresses, '{count} address', '{count} addresses')
    const sentence = said('{failed} from {addresses}', { failed, addresses: from })
    return { tone: 'failure', sentence, short: plain(sentence), ip: null, detail: '', jail: event.jail }
  }
  if (count > 1) {
    const sentence = counted(count, '{count} failed login from {ip}', '{count} failed logins from {ip}')
    return say('failure', event, { sentence, short: failed })
  }
  const { user = '' } = event
  return say(
    'failure',
    event,
    user === ''
      ? { sentence: said('Failed login from {ip}'), short: t('Failed login') }
      : {
          sentence: said('Failed login as {user} from {ip}', { user }),
          short: t('Failed login as {user}', { user }),
        },
  )
}

function successWords(event: Extract<NodeEvent, { kind: 'success.found' }>): EventWords {
  const { count, user = '' } = event
  if (count > 1) {
    const short = n(count, '{count} successful login', '{count} successful logins')
    const sentence = counted(
      count,
      '{count} successful login from {ip}',
      '{count} successful logins from {ip}',
    )
    return say('good', event, { sentence, short })
  }
  return say(
    'good',
    event,
    user === ''
      ? { sentence: said('Successful login from {ip}'), short: t('Successful login') }
      : {
          sentence: said('Successful login as {user} from {ip}', { user }),
          short: t('Successful login as {user}', { user }),
        },
  )
}

function refusedWords(event: Extract<NodeEvent, { kind: 'ban.refused' }>): EventWords {
  const reason = reasonWords(event.reason)
  const short = t('Not banned: {reason}', { reason })
  const words = say('problem', event, { sentence: said('{ip} was not banned: {reason}', { reason }), short })
  return event.from === undefined
    ? words
    : { ...words, detail: t('{node} had banned it for the cluster', { node: event.from }) }
}

function banWords(ban: Ban, isLonger: boolean): EventWords {
  const detail = ban.origin === 'operator' ? (ban.reason ?? '') : whyWords(ban)
  return { ...say('ban', ban, isLonger ? longerSaid(ban) : bannedSaid(ban)), detail }
}

interface Both {
  readonly sentence: Said
  readonly short: string
}

function bannedSaid(ban: Ban): Both {
  const span = howLong(ban.at, ban.until)
  if (ban.origin === 'operator') {
    const values = { by: ban.by ?? t('an operator'), span }
    return { sentence: said('{ip} banned by {by} {span}', values), short: t('Banned by {by} {span}', values) }
  }
  return ban.from === undefined
    ? { sentence: said('{ip} banned {span}', { span }), short: t('Banned {span}', { span }) }
    : {
        sentence: said('{ip} banned with its cluster {span}', { span }),
        short: t('Banned with its cluster {span}', { span }),
      }
}

function longerSaid(ban: Ban): Both {
  const span = howLong(ban.at, ban.until)
  if (ban.origin === 'operator') {
    const values = { by: ban.by ?? t('an operator'), span }
    return {
      sentence: said('{ip} banned for longer by {by}, now {span}', values),
      short: t('Banned for longer by {by}, now {span}', values),
    }
  }
  return {
    sentence: said('{ip} banned for longer, now {span}', { span }),
    short: t('Banned for longer, now {span}', { span }),
  }
}

const say = (tone: EventTone, about: { ip: string; jail: string }, words: Both): EventWords => ({
  tone,
  ...words,
  ip: about.ip,
  detail: '',
  jail: about.jail,
})

function ofMachine(event: Machine): EventWords {
  const { tone, text, detail = '' } = machineWords(event)
  // It is said already; what stands in it has no places any more.
  const sentence: Said = { text: '{text}', values: { text } }
  return { tone, sentence, short: text, ip: null, detail, jail: 'jail' in event ? event.jail : null }
}
