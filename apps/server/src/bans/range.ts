import { readTarget } from '@warder/core'

/** The first and the last address of a target, as 32 hexadecimal digits each: text that sorts like numbers. */
export interface Range {
  readonly first: string
  readonly last: string
}

/** How many bits of the 128 an IPv4 address leaves to its prefix `::ffff:`. */
const V4_BITS = 96

/** A target → all 128 bits of its network and the length of its prefix; IPv4 as `::ffff:a.b.c.d`. */
function bitsOf(target: string): { groups: readonly number[]; prefix: number } | null {
  const parts = readTarget(target)
  if (parts === null) return null
  if (parts.family === 6) return parts
  return { groups: [0, 0, 0, 0, 0, 0xffff, ...parts.groups].slice(-8), prefix: parts.prefix + V4_BITS }
}

const hex = (groups: readonly number[]): string =>
  groups.map((group) => group.toString(16).padStart(4, '0')).join('')

/** The bits of group `index` that lie behind a prefix, set. */
const hostBits = (prefix: number, index: number): number => {
  const bits = Math.min(16, Math.max(0, (index + 1) * 16 - prefix))
  return 2 ** bits - 1
}

/** A target → its range; null when it is neither an address nor a subnet. */
export function rangeOf(target: string): Range | null {
  const bits = bitsOf(target)
  if (bits === null) return null
  return {
    first: hex(bits.groups),
    last: hex(bits.groups.map((group, index) => group | hostBits(bits.prefix, index))),
  }
}

/**
 * Where every subnet around an address can begin, so that "what contains it" is a few look-ups, not a search.
 * At most 129 texts.
 */
export function networksAround(target: string): readonly string[] {
  const bits = bitsOf(target)
  if (bits === null) return []
  const shortest = readTarget(target)?.family === 4 ? V4_BITS : 0
  const firsts = new Set<string>()
  for (let prefix = bits.prefix; prefix >= shortest; prefix--) {
    firsts.add(hex(bits.groups.map((group, index) => group & ~hostBits(prefix, index) & 0xffff)))
  }
  return [...firsts]
}
