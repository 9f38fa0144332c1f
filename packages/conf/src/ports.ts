import type { JailPorts, PortRange } from '@warder/core'
import { quote } from './problem.ts'

/** Ports, or why the text names none. */
export type PortsResult =
  { readonly ok: true; readonly ports: JailPorts['ports'] } | { readonly ok: false; readonly reason: string }

const HIGHEST = 65_535

/** Names of services that jails use, with their registered ports. */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ['domain', 53],
  ['ftp', 21],
  ['ftp-data', 20],
  ['ftps', 990],
  ['ftps-data', 989],
  ['http', 80],
  ['http-alt', 8080],
  ['https', 443],
  ['imap', 143],
  ['imap2', 143],
  ['imap3', 220],
  ['imaps', 993],
  ['ldap', 389],
  ['ldaps', 636],
  ['ms-sql-s', 1433],
  ['mysql', 3306],
  ['nfs', 2049],
  ['ntp', 123],
  ['openvpn', 1194],
  ['pop3', 110],
  ['pop3s', 995],
  ['postgresql', 5432],
  ['rsync', 873],
  ['sftp', 115],
  ['sieve', 4190],
  ['sip', 5060],
  ['sip-tls', 5061],
  ['sips', 5061],
  ['smtp', 25],
  ['smtps', 465],
  ['socks', 1080],
  ['squid', 3128],
  ['ssh', 22],
  ['ssmtp', 465],
  ['submission', 587],
  ['submissions', 465],
  ['svn', 3690],
  ['telnet', 23],
  ['telnets', 992],
  ['vnc-server', 5900],
  ['webcache', 8080],
  ['xmpp-client', 5222],
  ['xmpp-server', 5269],
])

/** Parses a jail's ports: names, numbers and ranges `a:b` or `a-b` separated by commas; `all` and `0:65535` mean every port. */
export function parsePorts(text: string): PortsResult {
  const ranges: PortRange[] = []
  for (const word of text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((part) => part !== '')) {
    if (word === 'all') return { ok: true, ports: 'all' }
    const service = SERVICES.get(word)
    const [from, to] = service === undefined ? numbers(word) : [service, service]
    if (from === undefined || to === undefined || from > to || to > HIGHEST)
      return {
        ok: false,
        reason: `${quote(word)} is no port: give a number, a range a:b, or the name of a known service`,
      }
    if (from <= 1 && to === HIGHEST) return { ok: true, ports: 'all' }
    if (from === 0) return { ok: false, reason: `${quote(word)} is no port: ports begin at 1` }
    ranges.push(from === to ? from : [from, to])
  }
  return ranges.length === 0 ? { ok: true, ports: 'all' } : { ok: true, ports: ranges }
}

function numbers(word: string): [number?, number?] {
  const [, from, to] = /^(\d{1,5})(?:[:-](\d{1,5}))?$/.exec(word) ?? []
  if (from === undefined) return []
  return [Number(from), Number(to ?? from)]
}

/** Parses `protocol`: tcp, udp, both (also `all` and `tcp,udp`). Null: another one. */
export function parseProtocol(text: string): JailPorts['protocol'] | null {
  const names = new Set(
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((part) => part !== ''),
  )
  if (names.size === 0) return 'tcp'
  if (names.has('all') || names.has('both')) return 'both'
  if ([...names].some((name) => name !== 'tcp' && name !== 'udp')) return null
  return names.size === 2 ? 'both' : names.has('udp') ? 'udp' : 'tcp'
}
