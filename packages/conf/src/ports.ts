import type { JailPorts, PortRange } from '@warder/core'
import { quote } from './problem.ts'
import { PORT_NAMES } from './port-names.ts'

/** Ports, or why the text names none. */
export type PortsResult =
  { readonly ok: true; readonly ports: JailPorts['ports'] } | { readonly ok: false; readonly reason: string }

const HIGHEST = 65_535

/** Parses a jail's ports: names, numbers and ranges `a:b` or `a-b` separated by commas; `all` and `0:65535` mean every port. */
export function parsePorts(text: string): PortsResult {
  const ranges: PortRange[] = []
  for (const word of text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((part) => part !== '')) {
    if (word === 'all') return { ok: true, ports: 'all' }
    const service = PORT_NAMES.get(word)
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
