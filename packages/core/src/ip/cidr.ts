import { formatAddress, isMapped, readAddress, type AddressParts } from './address.ts'

/** An address or subnet as numbers, host bits cleared. An address has the full prefix. */
export interface TargetParts extends AddressParts {
  /** Length of the prefix in bits. */
  readonly prefix: number
}

const bitsOf = (family: 4 | 6): number => (family === 4 ? 32 : 128)

/** The part of the 16-bit group at `index` that lies inside a prefix. */
function maskOf(prefix: number, index: number): number {
  const bits = prefix - index * 16
  if (bits >= 16) return 0xffff
  return bits <= 0 ? 0 : (0xffff << (16 - bits)) & 0xffff
}

/** Groups with all bits behind the prefix cleared. */
export const maskGroups = (groups: readonly number[], prefix: number): readonly number[] =>
  groups.map((group, index) => group & maskOf(prefix, index))

/** `255.255.0.0` → 16; null when the ones are not all in front. */
function prefixOfMask(text: string): number | null {
  const mask = readAddress(text)
  if (mask?.family !== 4) return null
  const bits = mask.groups.map((group) => group.toString(2).padStart(16, '0')).join('')
  const prefix = bits.indexOf('0') < 0 ? 32 : bits.indexOf('0')
  return bits.includes('1', prefix) ? null : prefix
}

function readPrefix(text: string, family: 4 | 6): number | null {
  if (/^(?:0|[1-9][0-9]{0,2})$/.test(text)) {
    const prefix = Number(text)
    return prefix <= bitsOf(family) ? prefix : null
  }
  return family === 4 ? prefixOfMask(text) : null
}

/** Text → address or subnet as numbers, IPv4-mapped ones as IPv4. Null when it is neither. */
export function readTarget(text: string): TargetParts | null {
  const slash = text.indexOf('/')
  const address = readAddress(slash < 0 ? text : text.slice(0, slash))
  if (address === null) return null
  const prefix = slash < 0 ? bitsOf(address.family) : readPrefix(text.slice(slash + 1), address.family)
  if (prefix === null) return null
  if (address.family === 6 && prefix >= 96 && isMapped(address.groups)) {
    return { family: 4, groups: maskGroups(address.groups.slice(6), prefix - 96), prefix: prefix - 96 }
  }
  return { family: address.family, groups: maskGroups(address.groups, prefix), prefix }
}

/** Whether a target is one address, not a subnet. */
export const isSingle = (parts: TargetParts): boolean => parts.prefix === bitsOf(parts.family)

/** Address or subnet as numbers → canonical text; a full prefix is not written. */
export const formatTarget = (parts: TargetParts): string =>
  isSingle(parts) ? formatAddress(parts) : `${formatAddress(parts)}/${parts.prefix}`

/**
 * Text → canonical address or subnet, or null when it is neither. Host bits are cleared, `/32` and `/128` are
 * dropped, `192.0.2.0/255.255.255.0` becomes `192.0.2.0/24`.
 */
export function parseTarget(text: string): string | null {
  const parts = readTarget(text)
  return parts === null ? null : formatTarget(parts)
}

/** Whether all of `inner` lies in `outer`, as numbers. The families never contain each other. */
export const covers = (outer: TargetParts, inner: TargetParts): boolean =>
  outer.family === inner.family &&
  outer.prefix <= inner.prefix &&
  outer.groups.every((group, index) => group === ((inner.groups[index] ?? 0) & maskOf(outer.prefix, index)))

/** Whether all of `inner` lies in `outer`; either is an address or a subnet as text. False when one is neither. */
export function contains(outer: string, inner: string): boolean {
  const one = readTarget(outer)
  const other = readTarget(inner)
  return one !== null && other !== null && covers(one, other)
}

/** The family of a canonical address or subnet. */
export const familyOf = (target: string): 4 | 6 => (target.includes(':') ? 6 : 4)

/** Whether a canonical target is a subnet, not a single address. */
export const isSubnet = (target: string): boolean => target.includes('/')

/** The canonical subnet of so many bits around an address; the address itself where it has no more bits. */
export function networkOf(address: string, prefix: number): string {
  const parts = readTarget(address)
  if (parts === null || parts.prefix <= prefix) return address
  return formatTarget({ family: parts.family, groups: maskGroups(parts.groups, prefix), prefix })
}

/** The networks that no packet from outside comes from. */
export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1']

/** Networks of private use: RFC 1918, link-local, unique local. */
export const PRIVATE: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]

/** Whether all of an address or subnet is loopback. */
export const isLoopback = (target: string): boolean => LOOPBACK.some((network) => contains(network, target))

/** Whether all of an address or subnet is private: RFC 1918, unique local, link-local. */
export const isPrivate = (target: string): boolean => PRIVATE.some((network) => contains(network, target))
