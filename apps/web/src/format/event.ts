import { explainBan, IGNORE_WORDS, type Ban, type NodeEvent } from '@warder/core'
import { formatCount, formatMany } from './count.ts'
import { formatTime } from './date.ts'
import { formatAbout, formatSpan } from './duration.ts'
import { capital } from './words.ts'

/** Which meaning an event has; each has its own icon and, where it matters, colour. */
export type EventTone = 'ban' | 'lift' | 'failure' | 'quiet' | 'settings' | 'good' | 'problem'

/** An event as a sentence around the address it is about. `detail` is a second, weaker sentence. */
export interface EventWords {
  readonly tone: EventTone
  readonly before: string
  readonly ip: string | null
  readonly after: string
  readonly detail: string
  readonly jail: string | null
}

/** Why something was not banned, in words; a reason that is not known here as it came. */
export const refusalWords = (reason: string): string =>
  new Map<string, string>(Object.entries(IGNORE_WORDS)).get(reason) ?? reason

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
    case 'failure.ignored':
      return say('quiet', 'Not counted: ', event, `, ${IGNORE_WORDS[event.reason]}`)
    case 'success.found':
      return successWords(event)
    case 'ban.added':
      return banWords(event.ban, 'banned')
    case 'ban.extended':
      return banWords(event.ban, 'banned for longer, now')
    case 'ban.lifted':
      return { ...say('lift', '', event, ` unbanned by ${event.by}`), detail: event.reason ?? '' }
    case 'ban.expired':
      return say('lift', 'Ban of ', event, ' is over')
    case 'ban.refused':
      return {
        ...say('problem', '', event, ` was not banned: ${IGNORE_WORDS[event.reason]}`),
        detail: event.from === undefined ? '' : `${event.from} had banned it for the cluster`,
      }
    default:
      return machineWords(event)
  }
}

/** The sentence where it is clear which address is meant: `Failed login as root`, `Banned for 1h`. */
export function withoutAddress({ before, after }: EventWords): string {
  const text =
    `${before.replace(/ (from|of) $/, '')}${before.endsWith(': ') ? after.replace(/^, /, '') : after}`.trim()
  return capital(text)
}

function failureWords(
  event: Extract<NodeEvent, { kind: 'failure.found' }>,
  { count, addresses }: Times,
): EventWords {
  if (addresses > 1) {
    const words = `${formatMany(count, 'failed login')} from ${formatMany(addresses, 'address', 'addresses')}`
    return { ...tell('failure', words), jail: event.jail }
  }
  if (count > 1) return say('failure', `${formatMany(count, 'failed login')} from `, event, '')
  const who = event.user === undefined || event.user === '' ? '' : ` as ${event.user}`
  return say('failure', `Failed login${who} from `, event, '')
}

function successWords(event: Extract<NodeEvent, { kind: 'success.found' }>): EventWords {
  if (event.count > 1) return say('good', `${formatMany(event.count, 'successful login')} from `, event, '')
  const who = event.user === undefined || event.user === '' ? '' : ` as ${event.user}`
  return say('good', `Successful login${who} from `, event, '')
}

type Machine = Exclude<
  NodeEvent,
  {
    kind:
      | 'failure.found'
      | 'failure.ignored'
      | 'success.found'
      | 'ban.added'
      | 'ban.extended'
      | 'ban.lifted'
      | 'ban.expired'
      | 'ban.refused'
  }
>

function machineWords(event: Machine): EventWords {
  switch (event.kind) {
    case 'agent.started':
      return tell(
        event.firewall.enforcing ? 'good' : 'problem',
        `Agent ${event.agent} started`,
        event.firewall.reason,
      )
    case 'order.finished':
      return tell('quiet', `Order done, ${formatMany(event.changed, 'ban')} changed`)
    case 'jail.started': {
      const { maxretry, findtime, bantime } = event.settings
      const words = `${maxretry} in ${formatSpan(findtime)}, ban ${formatSpan(bantime)}`
      return { ...tell('settings', `Jail ${event.jail} started: ${words}`), jail: event.jail }
    }
    case 'jail.stopped':
      return { ...tell('settings', `Jail ${event.jail} stopped`, event.reason), jail: event.jail }
    case 'jail.tried': {
      const words = event.passed
        ? `Jail ${event.jail} proved alive by a marked line`
        : `A marked line did not come through jail ${event.jail}`
      return { ...tell(event.passed ? 'good' : 'problem', words), jail: event.jail }
    }
    case 'source.lost':
      return tell('problem', `Lost ${event.source}`, event.reason)
    case 'source.regained':
      return tell('good', `Reading ${event.source} again`)
    case 'firewall.failed':
      return tell('problem', 'The firewall did not do as it was told', event.reason)
    case 'firewall.drifted': {
      const missing = `${formatMany(event.missing, 'ban')} missing`
      const rules = event.rules ? 'its rules, ' : ''
      return tell(
        'problem',
        `The firewall was changed from outside: ${rules}${missing}, ${event.foreign} foreign. Put right.`,
      )
    }
    case 'firewall.suspended': {
      const by = `Panic: nothing is blocked until ${formatTime(event.until)}, as ${event.by} wanted`
      return tell('problem', by, event.reason)
    }
    case 'firewall.resumed':
      return tell('good', `Bans are enforced again: ${event.by}`)
    case 'settings.applied':
      return tell('settings', `Settings applied, revision ${event.revision}`)
    case 'settings.refused':
      return tell('problem', `Settings refused, revision ${event.revision}`, event.reason)
    case 'lists.applied': {
      const refused = event.refused === 0 ? '' : `, ${formatCount(event.refused)} never banned here`
      const words = `${formatCount(event.allow)} allowed, ${formatCount(event.deny)} denied${refused}`
      return tell('settings', `Lists applied: ${words}`)
    }
    case 'outbox.gapped':
      return tell('problem', `${formatMany(event.lost, 'event')} lost: the outbox was full`)
  }
}

function banWords(ban: Ban, verb: string): EventWords {
  const by =
    ban.origin === 'operator'
      ? ` by ${ban.by ?? 'an operator'}`
      : ban.from === undefined
        ? ''
        : ' with its cluster'
  const span =
    ban.until === null
      ? 'for ever'
      : `for ${formatAbout(Math.max(1, Math.round((ban.until - ban.at) / 1000)))}`
  const detail = ban.origin === 'operator' ? (ban.reason ?? '') : explainBan(ban)
  return { tone: 'ban', before: '', ip: ban.ip, after: ` ${verb}${by} ${span}`, detail, jail: ban.jail }
}

function say(
  tone: EventTone,
  before: string,
  about: { ip: string; jail: string },
  after: string,
): EventWords {
  return { tone, before, ip: about.ip, after, detail: '', jail: about.jail }
}

function tell(tone: EventTone, before: string, detail = ''): EventWords {
  return { tone, before, ip: null, after: '', detail, jail: null }
}
