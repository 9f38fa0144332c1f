import { formatExact } from './date.ts'
import { formatSpan } from './duration.ts'

/** What the audit's actions are called in a sentence that begins with who did it. Unknown ones are shown as they are. */
const ACTIONS: Readonly<Record<string, string>> = {
  'server.claim': 'claimed the server',
  'session.open': 'signed in',
  'session.close': 'signed out',
  'session.revoke': 'ended other sessions',
  'invitation.use': 'chose a password by invitation',
  'password.change': 'changed their password',
  'password.renew': 'renewed the password of',
  'totp.add': 'added a second factor',
  'totp.remove': 'removed the second factor of',
  'totp.recovery': 'made new recovery codes',
  'account.create': 'created account',
  'account.change': 'changed account',
  'account.invite': 'reset the password of',
  'account.remove': 'deleted account',
  'ban.add': 'banned',
  'ban.lift': 'unbanned',
  'firewall.suspend': 'suspended blocking on',
  'firewall.resume': 'resumed blocking on',
  'settings.change': 'changed',
  'lines.read': 'read lines of',
  'node.enrol': 'let in',
  'node.remove': 'removed node',
  'node.deploy': 'began work over SSH on',
  'node.deploy-cancel': 'cancelled work over SSH on',
  'node.deploy-end': 'ended work over SSH on',
  'join-code.create': 'made a join code for',
  'channel.create': 'added channel',
  'channel.change': 'changed channel',
  'channel.remove': 'removed channel',
  'channel.test': 'tested channel',
  'rule.create': 'added notification',
  'rule.change': 'changed notification',
  'rule.remove': 'removed notification',
  'token.create': 'created token',
  'token.revoke': 'revoked token',
}

/** An action of the audit in words: `ban.lift` → `unbanned`. */
export const actionWords = (action: string): string => ACTIONS[action] ?? action

/** Whether the target only repeats who did it. */
export const saysItself = (action: string): boolean =>
  action.startsWith('session.') ||
  ['server.claim', 'invitation.use', 'password.change', 'totp.add', 'totp.recovery'].includes(action)

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
