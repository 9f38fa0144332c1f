import { explainBan, formatDuration, type Ban, type EpochMs, type NodeEvent } from '@warder/core'
import { plain, type Notice } from './notice.ts'

/** Why a ban was not made that do not mean that somebody is protected: nobody needs to hear of these. */
const NOT_PROTECTED: readonly string[] = [
  'jail-unknown',
  'jail-disabled',
  'order-expired',
  'not-an-address',
  'name-unknown',
]

/** An event of a node → what is worth telling of it; null for all that is the ordinary course. */
export function noticeOf(node: string, at: EpochMs, event: NodeEvent): Notice | null {
  const of = (
    topic: Notice['topic'],
    title: string,
    more: Partial<Pick<Notice, 'jail' | 'ip' | 'detail'>> = {},
  ): Notice => ({ topic, at, node, jail: null, ip: null, detail: null, title, ...more })
  switch (event.kind) {
    case 'ban.added': {
      const { ban } = event
      // Who bans by hand knows; what a list bans is no attack.
      if (ban.origin === 'operator') return null
      const title = `${ban.jail} banned ${ban.ip} on ${node} ${howLong(ban)}`
      return of('ban', title, { jail: ban.jail, ip: ban.ip, detail: why(ban) })
    }
    case 'ban.refused':
      if (NOT_PROTECTED.includes(event.reason)) return null
      return of('ban-refused', `${event.ip} was not banned by ${event.jail} on ${node}`, {
        jail: event.jail,
        ip: event.ip,
        detail: `It must not be banned there: ${event.reason}.`,
      })
    case 'firewall.failed':
      return of('firewall-failed', `The firewall of ${node} did not take a change`, {
        detail: reason(event.reason),
      })
    case 'firewall.drifted':
      return of('firewall-drifted', `The firewall of ${node} was changed by something else and mended`, {
        detail: `${event.missing} bans were missing, ${event.foreign} were not Warder's.`,
      })
    case 'source.lost':
      return of('source-lost', `${node} cannot read ${plain(event.source, 120)}`, {
        detail: reason(event.reason),
      })
    case 'source.regained':
      return of('source-regained', `${node} reads ${plain(event.source, 120)} again`)
    case 'settings.refused':
      return of('settings-refused', `${node} refused revision ${event.revision} of the settings`, {
        detail: reason(event.reason),
      })
    case 'outbox.gapped':
      return of('events-lost', `${node} lost ${event.lost} events before they reached the server`, {
        detail:
          'It was without the server for longer than it can keep events. Its bans were not touched by that.',
      })
    default:
      return null
  }
}

const reason = (text: string): string => plain(text)

const howLong = (ban: Ban): string =>
  ban.until === null ? 'for ever' : `for ${formatDuration((ban.until - ban.at) / 1000)}`

/** Counts and times alone: the names that an attacker tried are the attacker's text. */
const why = (ban: Ban): string | null =>
  ban.ticket === undefined ? null : `${plain(explainBan({ ...ban, ticket: { ...ban.ticket, users: [] } }))}.`
