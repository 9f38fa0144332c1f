import { formatExact } from './date.ts'
import { formatSpan } from './duration.ts'
import type { Said } from '../language/message.ts'
import { english, said } from '../language/t.ts'

/** What the audit's actions are called in a sentence that begins with who did it, and whom or what they did it to. Unknown ones are shown as they are. */
const ACTIONS: Readonly<Record<string, string>> = {
  'server.claim': english('claimed the server'),
  'session.open': english('signed in'),
  'session.close': english('signed out'),
  'session.revoke': english('ended other sessions'),
  'invitation.use': english('chose a password by invitation'),
  'password.change': english('changed their password'),
  'password.renew': english('renewed the password of {target}'),
  'totp.add': english('added a second factor'),
  'totp.remove': english('removed the second factor of {target}'),
  'totp.recovery': english('made new recovery codes'),
  'account.create': english('created account {target}'),
  'account.change': english('changed account {target}'),
  'account.invite': english('reset the password of {target}'),
  'account.remove': english('deleted account {target}'),
  'ban.add': english('banned {target}'),
  'ban.lift': english('unbanned {target}'),
  'firewall.suspend': english('suspended blocking on {target}'),
  'firewall.resume': english('resumed blocking on {target}'),
  'settings.change': english('changed {target}'),
  'log.read': english('read the log of the agent on {target}'),
  'lines.read': english('read lines of {target}'),
  'node.enrol': english('let in {target}'),
  'node.remove': english('removed node {target}'),
  'node.deploy': english('began work over SSH on {target}'),
  'node.deploy-cancel': english('cancelled work over SSH on {target}'),
  'node.deploy-end': english('ended work over SSH on {target}'),
  'join-code.create': english('made a join code for {target}'),
  'channel.create': english('added channel {target}'),
  'channel.change': english('changed channel {target}'),
  'channel.remove': english('removed channel {target}'),
  'channel.test': english('tested channel {target}'),
  'rule.create': english('added notification {target}'),
  'rule.change': english('changed notification {target}'),
  'rule.remove': english('removed notification {target}'),
  'notifications.silence': english('silenced notifications'),
  'notifications.unsilence': english('ended the silence of notifications'),
  'token.create': english('created token {target}'),
  'token.revoke': english('revoked token {target}'),
}

/**
 * An action of the audit in words, with a place `{target}` where it is about something: `ban.lift` → `unbanned {target}`.
 * What was done alone where the target only repeats who did it.
 */
export function actionSaid(action: string, target: string): Said {
  const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  if (known === undefined)
    return { text: target === '' ? '{action}' : '{action} {target}', values: { action } }
  return target === '' ? said(known, { target: '' }) : said(known)
}

/** The changes between what was and what became, one line for each field that differs, in order of the fields. */
export interface Difference {
  readonly field: string
  readonly before: string
  readonly after: string
}

/** Most fields that are listed of one entry. */
const MOST = 40

/** Two JSON values as a list of differing fields (`fleet.sshd.maxretry`). Values that are no objects have the field ''. */
export function differencesOf(before: unknown, after: unknown): readonly Difference[] {
  const was = flat(before)
  const is = flat(after)
  const fields = [...new Set([...was.keys(), ...is.keys()])].sort()
  return fields
    .filter((field) => was.get(field) !== is.get(field))
    .slice(0, MOST)
    .map((field) => ({ field, before: was.get(field) ?? '', after: is.get(field) ?? '' }))
}

function flat(value: unknown, prefix = '', into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return into
  if (typeof value !== 'object' || Array.isArray(value)) {
    return into.set(prefix, wordsOf(prefix, value))
  }
  for (const [key, inner] of Object.entries(value))
    flat(inner, prefix === '' ? key : `${prefix}.${key}`, into)
  return into
}

/** A value as somebody reads it: durations and moments by the names of their fields, lists without brackets. */
function wordsOf(field: string, value: unknown): string {
  const name = field.slice(field.lastIndexOf('.') + 1)
  if (typeof value === 'number' && (name === 'bantime' || name === 'findtime')) return formatSpan(value)
  if (typeof value === 'number' && name.endsWith('At')) return formatExact(value)
  if (Array.isArray(value)) return value.map((one) => wordsOf('', one)).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
