/** An address as numbers: two groups of 16 bits for IPv4, eight for IPv6. */
export interface AddressParts {
  readonly family: 4 | 6
  readonly groups: readonly number[]
}

/** Longest spelling of an IPv6 address: eight groups, the last two as dotted quad. */
const LONGEST = 45

const ZERO = 48
const NINE = 57
const DOT = 46

/**
 * Four decimal numbers up to 255 without leading zeros, from a place in a text on → the address as one number of 32 bits, or
 * -1. Nothing is made on the way: every failure of a flood comes through here.
 */
export function readV4Number(text: string, from = 0): number {
  if (text.length < from + 7 || text.length > from + 15) return -1
  let address = 0
  let dots = 0
  let value = -1
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === DOT) {
      if (value < 0 || ++dots > 3) return -1
      address = address * 256 + value
      value = -1
    } else if (code >= ZERO && code <= NINE) {
      // A zero that is followed by a digit is octal for some and decimal for others: no address.
      if (value === 0) return -1
      value = (value < 0 ? 0 : value * 10) + (code - ZERO)
      if (value > 255) return -1
    } else return -1
  }
  return value < 0 || dots !== 3 ? -1 : address * 256 + value
}

/** The same as two groups, or null. */
function readV4(text: string): number[] | null {
  const address = readV4Number(text)
  return address < 0 ? null : [address >>> 16, address & 0xffff]
}

const GROUP = /^[0-9a-fA-F]{1,4}$/

/** Groups between colons; the last one may be a dotted quad where `quadAllowed`. Null: not such a list. */
function readGroups(text: string, quadAllowed: boolean): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const pieces = text.split(':')
  for (const [index, piece] of pieces.entries()) {
    if (GROUP.test(piece)) groups.push(Number.parseInt(piece, 16))
    else {
      const quad = quadAllowed && index === pieces.length - 1 ? readV4(piece) : null
      if (quad === null) return null
      groups.push(...quad)
    }
  }
  return groups
}

function readV6(text: string): number[] | null {
  const gap = text.indexOf('::')
  if (gap < 0) {
    const groups = readGroups(text, true)
    return groups?.length === 8 ? groups : null
  }
  const head = readGroups(text.slice(0, gap), false)
  const tail = readGroups(text.slice(gap + 2), true)
  if (head === null || tail === null || head.length + tail.length > 7) return null
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

/** True for `::ffff:a.b.c.d`, in whatever spelling. */
export const isMapped = (groups: readonly number[]): boolean =>
  groups.length === 8 && groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)

/** Text → address as numbers; IPv4-mapped IPv6 stays IPv6 here. Null when it is not an address. */
export function readAddress(text: string): AddressParts | null {
  if (text.length > LONGEST) return null
  const v4 = readV4(text)
  if (v4 !== null) return { family: 4, groups: v4 }
  const v6 = text.includes(':') ? readV6(text) : null
  return v6 === null ? null : { family: 6, groups: v6 }
}

/** The longest run of at least two zero groups, the first of equals, as RFC 5952 wants it shortened. */
function longestGap(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 1 }
  let start = -1
  for (let at = 0; at <= groups.length; at++) {
    if (groups[at] === 0) {
      if (start < 0) start = at
    } else {
      if (start >= 0 && at - start > best.length) best = { start, length: at - start }
      start = -1
    }
  }
  return best
}

/** Address as numbers → its one canonical spelling: dotted quad, or RFC 5952. */
export function formatAddress(parts: AddressParts): string {
  if (parts.family === 4) return parts.groups.map((group) => `${group >> 8}.${group & 0xff}`).join('.')
  const hex = parts.groups.map((group) => group.toString(16))
  const gap = longestGap(parts.groups)
  if (gap.start < 0) return hex.join(':')
  return `${hex.slice(0, gap.start).join(':')}::${hex.slice(gap.start + gap.length).join(':')}`
}

/** An IPv4-mapped IPv6 address becomes the IPv4 address it stands for; any other stays. */
export const unmapped = (parts: AddressParts): AddressParts =>
  parts.family === 6 && isMapped(parts.groups) ? { family: 4, groups: parts.groups.slice(6) } : parts

/**
 * Text → canonical address (`192.0.2.1`, `2001:db8::1`), or null when it is not one. Strict: no leading zeros,
 * zones, ports, brackets or blanks. `::ffff:192.0.2.1` becomes `192.0.2.1`.
 */
export function parseAddress(text: string): string | null {
  // Read so strictly there is one spelling only.
  if (readV4Number(text) >= 0) return text
  const parts = readAddress(text)
  return parts === null ? null : formatAddress(unmapped(parts))
}
