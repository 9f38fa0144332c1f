import { journalLine, type LogLine } from '@warder/core'
import type { Sample } from './corpus.ts'

/** An address that no service wrote: who gets it banned has lied. */
export const INNOCENT = '198.51.100.7'

/** A sample of which a client may have written parts. */
export interface Opened {
  readonly message: string
  /** The line that another message in its place makes, as the agent would get it; null: none. */
  lineOf(message: string): LogLine | null
}

/** What a service writes where a client sent a text. */
type Writer = (text: string) => string

/** Services that write a client's text otherwise than as it came. All others write it raw. */
const WRITERS: Readonly<Record<string, Writer>> = {
  // Apache: quotes, backslashes and control characters escaped, other scripts byte by byte.
  'apache-auth': inQuotes,
  'apache-noscript': inQuotes,
  'apache-overflows': inQuotes,
  'apache-scanners': inQuotes,
  // nginx: the same in hexadecimal, in its access log; its error log is raw.
  'nginx-login': inHex,
  // JSON.
  nextcloud: inJson,
  warder: inJson,
  // vsftpd: at most 128 characters of a name, and a question mark for control characters.
  vsftpd: (text) => text.slice(0, 128).replaceAll(/[\0-\x1f\x7f]/g, '?'),
  // OpenSSH: at most 100 characters of a name, then control characters and other scripts in octal.
  sshd: (text) =>
    bytewise(text.slice(0, 100), /[^ -~]|\\/, (byte) => `\\${byte.toString(8).padStart(3, '0')}`),
}

/** Services that write what a client calls itself before its address. Behind all others' address anything may stand. */
export const NAME_FIRST: ReadonlySet<string> = new Set([
  'dovecot',
  'ejabberd',
  'lemonldap-ng',
  'nginx-http-auth',
  'pam-generic',
  'sogo',
  'sshd',
  'suricata',
  'vsftpd',
])

/**
 * How many bytes of a line are left by nginx in its error log, by rsyslog, by the agent itself. Lines of OpenSSH and vsftpd
 * are never so long, as their names are short.
 */
export function cutsOf(name: string): readonly (number | null)[] {
  if (name === 'sshd' || name === 'vsftpd') return [null]
  return name === 'nginx-http-auth' ? [2_047, 8_191, 16_384] : [8_191, 16_384]
}

function bytewise(text: string, escaped: RegExp, escape: (byte: number) => string): string {
  const write = (one: string): string => [...Buffer.from(one)].map(escape).join('')
  return [...text].map((one) => (escaped.test(one) ? write(one) : one)).join('')
}

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')

function inQuotes(text: string): string {
  return bytewise(text.replaceAll(/["\\]/g, '\\$&'), /[^ -~]/, (byte) => `\\x${hex(byte).toLowerCase()}`)
}

function inHex(text: string): string {
  return bytewise(text, /[^ !#-[\]-~]/, (byte) => `\\x${hex(byte)}`)
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** How the service that wrote a message of a filter's samples writes what its client sent. */
export function writerOf(name: string, message: string): Writer {
  if (name === 'nginx-http-auth' && !/\[(?:error|info)\]/.test(message)) return inHex
  if (name === 'traefik-auth' && message.startsWith('{')) return inJson
  return WRITERS[name] ?? String
}

/**
 * The message of a sample, ready to be changed; `now` is when it is read. In a file a line feed in raw text begins a line that
 * nobody can tell from the service's own: the filters that are open to it say so, and it is left out here. In the journal
 * it is a part of the message.
 */
export function open({ from, text }: Sample, now: number): Opened {
  if (from === 'file')
    return {
      message: text,
      lineOf: (message) => ({
        source: '/var/log/sample.log',
        text: message.replaceAll('\n', ' '),
        readAt: now,
      }),
    }
  const entry: Record<string, unknown> = JSON.parse(text)
  return {
    message: String(entry['MESSAGE']),
    lineOf: (message) => journalLine({ ...entry, MESSAGE: message }, now),
  }
}

type Field = readonly [from: number, to: number]

/**
 * Where a client may have written: the user that was found, where it first and last stands, what stands in quotes or angle brackets,
 * and paths. What holds the address of the client is the program's, as are Dovecot's sessions, nginx's zones and the shells of users; but what
 * stands in quotes before the address and a comma was handed on by a proxy.
 */
export function fieldsOf(message: string, user: string | undefined, ip: string): readonly Field[] {
  const quoted = /(?<!zone )"([^"]*)"|(?<!session=)<([^<>]*)>|'([^']*)'|(?<! shell)\s(\/[^\s"]*)/dg
  const fields: Field[] = []
  for (const { indices } of message.matchAll(quoted)) {
    const field = indices?.slice(1).find((one) => one !== undefined)
    if (field === undefined) continue
    const before = message.slice(...field).indexOf(`, ${ip}`)
    if (before >= 0) fields.push([field[0], field[0] + before])
    else if (!message.slice(...field).includes(ip)) fields.push(field)
  }
  if (user === undefined || user === '' || user === '-') return fields
  const places = new Set([message.indexOf(user), message.lastIndexOf(user)])
  for (const at of places) if (at >= 0) fields.push([at, at + user.length])
  return fields
}
