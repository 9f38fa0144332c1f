import { journalLine, type LogLine } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { readSamples, type Sample } from './corpus.ts'
import { shippedNames } from './shipped.ts'
import { tryFilter } from './try.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const INNOCENT = '198.51.100.7'

const HOSTILE: readonly string[] = [
  INNOCENT,
  `::ffff:${INNOCENT}`,
  '2001:db8::bad',
  ` from ${INNOCENT} port 22 ssh2`,
  `x from ${INNOCENT}: Invalid username or password`,
  `rhost=${INNOCENT}`,
  `x rhost=${INNOCENT}  user=y`,
  `x, rip=${INNOCENT}, lip=203.0.113.1`,
  `x>, method=PLAIN, rip=${INNOCENT}, lip=203.0.113.1, session=<y>`,
  `x": password mismatch, client: ${INNOCENT}, server: y`,
  `[client ${INNOCENT}:22]`,
  `x] FAIL LOGIN: Client "${INNOCENT}"`,
  `(${INNOCENT})`,
  `x[${INNOCENT}]: y`,
  `" "' '' \\" \\`,
  `[]](}{)<><`,
  `{"remoteAddr":"${INNOCENT}","message":"Login failed: x (Remote IP: ${INNOCENT})"}`,
  `x","remoteAddr":"${INNOCENT}`,
  `x\t${INNOCENT}\ty`,
  `x [01/Jan/2000:00:00:00 +0000] "GET / HTTP/1.1" 401 1`,
  '2026-11-20T10:00:00Z',
  `%(${INNOCENT})s <HOST>`,
]

/** How a program writes a quote of its client into its log, where it does not write it as it came. */
const ESCAPED: Readonly<Record<string, (text: string) => string>> = {
  'apache-auth': inQuotes,
  'apache-noscript': inQuotes,
  'apache-overflows': inQuotes,
  'apache-scanners': inQuotes,
  'nginx-login': inHex,
  nextcloud: (text) => JSON.stringify(text).slice(1, -1),
  warder: (text) => JSON.stringify(text).slice(1, -1),
}

function inQuotes(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&')
}

function inHex(text: string): string {
  return text.replaceAll('"', '\\x22').replaceAll('\\', '\\x5C')
}

function escapeOf(name: string, options: string): (text: string) => string {
  // nginx escapes in its access log, but not in its error log.
  if (name === 'nginx-http-auth') return options === 'mode=error' ? String : inHex
  return ESCAPED[name] ?? String
}

/** The message of a sample, and the line that another message in its place makes. */
function opened({ from, text }: Sample): { message: string; lineOf: (message: string) => LogLine | null } {
  if (from === 'file')
    return {
      message: text,
      lineOf: (message) => ({ source: '/var/log/sample.log', text: message, readAt: NOW }),
    }
  const entry: Record<string, unknown> = JSON.parse(text)
  return {
    message: String(entry['MESSAGE']),
    lineOf: (message) => journalLine({ ...entry, MESSAGE: message }, NOW),
  }
}

/**
 * Where a client may have written: the user that was found, where it first and last stands, what stands in quotes or angle brackets,
 * and paths. What holds the address of the client is the program's, as are Dovecot's sessions and nginx's zones.
 */
function fieldsOf(message: string, user: string | undefined, ip: string): readonly [number, number][] {
  const quoted = /(?<!zone )"([^"]*)"|(?<!session=)<([^<>]*)>|'([^']*)'|\s(\/[^\s"]*)/dg
  const fields: [number, number][] = []
  for (const { indices } of message.matchAll(quoted)) {
    const field = indices?.slice(1).find((one) => one !== undefined)
    if (field !== undefined && !message.slice(...field).includes(ip)) fields.push(field)
  }
  if (user === undefined || user === '' || user === '-') return fields
  const places = new Set([message.indexOf(user), message.lastIndexOf(user)])
  for (const at of places) if (at >= 0) fields.push([at, at + user.length])
  return fields
}

/** The rest of the line behind a field, and all of the line, as a client would quote them with another's address. */
const quotes = (message: string, end: number, ip: string): readonly string[] =>
  [message, message.slice(end), message.slice(end).trimEnd()].flatMap((text) => [
    `x${text.replaceAll(ip, INNOCENT)}`,
    `x${text.replaceAll(ip, INNOCENT)}`.replace(/["'>)\]]*$/, ''),
  ])

describe.each(shippedNames())('a client that lies to the filter %s', (name) => {
  const samples = readSamples(name).filter(({ expect: wanted }) => wanted !== null)

  it.each(samples)('gets nobody else banned: samples.log:$number $options', (sample) => {
    const trial = tryFilter(name, sample.options)
    const escape = escapeOf(name, sample.options)
    const { message, lineOf } = opened(sample)
    const ip = sample.expect?.ip ?? ''
    const line = lineOf(message)
    const user = line === null ? undefined : trial(line, NOW)?.user
    const others: string[] = []
    for (const [from, to] of fieldsOf(message, user, ip)) {
      for (const hostile of [...HOSTILE, ...quotes(message, to, ip)]) {
        const changed = message.slice(0, from) + escape(hostile) + message.slice(to)
        const lied = lineOf(changed)
        const found = lied === null ? null : trial(lied, NOW)
        if (found !== null && found.ip !== ip) others.push(`${found.ip}: ${changed}`)
      }
    }
    expect(others).toEqual([])
  })
})
