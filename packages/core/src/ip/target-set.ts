import { covers, formatTarget, isSingle, isSubnet, maskGroups, readTarget, type TargetParts } from './cidr.ts'

/** Groups are 16 bits wide, so two of them make a number. */
const v4Key = ([high = 0, low = 0]: readonly number[]): number => high * 65_536 + low

/** And eight of them a text of one character each. */
const v6Key = (groups: readonly number[]): string => String.fromCharCode(...groups)

/** Entries with prefixes of the same length. */
interface Level<Key> {
  readonly prefix: number
  readonly entries: Map<Key, string>
}

/** The entries of one family: by length of prefix, the longest first. */
class Family<Key> {
  readonly #keyOf: (groups: readonly number[]) => Key
  #levels: readonly Level<Key>[] = []

  constructor(keyOf: (groups: readonly number[]) => Key) {
    this.#keyOf = keyOf
  }

  get levels(): readonly Level<Key>[] {
    return this.#levels
  }

  add(target: TargetParts): void {
    const known = this.#levels.find(({ prefix }) => prefix === target.prefix)
    const level = known ?? { prefix: target.prefix, entries: new Map<Key, string>() }
    level.entries.set(this.#keyOf(target.groups), formatTarget(target))
    if (known === undefined)
      this.#levels = [...this.#levels, level].sort((one, other) => other.prefix - one.prefix)
  }

  delete(target: TargetParts): boolean {
    const level = this.#levels.find(({ prefix }) => prefix === target.prefix)
    const gone = level?.entries.delete(this.#keyOf(target.groups)) ?? false
    if (level?.entries.size === 0) this.#levels = this.#levels.filter((other) => other !== level)
    return gone
  }

  match(target: TargetParts): string | null {
    for (const { prefix, entries } of this.#levels) {
      if (prefix > target.prefix) continue
      const found = entries.get(this.#keyOf(maskGroups(target.groups, prefix)))
      if (found !== undefined) return found
    }
    return null
  }

  inside(target: TargetParts): string | null {
    for (const { prefix, entries } of this.#levels) {
      if (prefix < target.prefix) return null
      for (const entry of entries.values()) {
        const parts = readTarget(entry)
        if (parts !== null && covers(target, parts)) return entry
      }
    }
    return null
  }

  get size(): number {
    let size = 0
    for (const { entries } of this.#levels) size += entries.size
    return size
  }
}

/** A set of addresses and subnets with a fast look-up of what an address lies in. Text that is neither is left out. */
export class TargetSet {
  readonly #v4 = new Family(v4Key)
  readonly #families = { 4: this.#v4, 6: new Family(v6Key) } as const

  constructor(targets: Iterable<string> = []) {
    for (const target of targets) this.add(target)
  }

  /** Adds an address or subnet; false when the text is neither. */
  add(target: string): boolean {
    const parts = readTarget(target)
    if (parts === null) return false
    this.#families[parts.family].add(parts)
    return true
  }

  /** Takes exactly this address or subnet out; false when it was not in. */
  delete(target: string): boolean {
    const parts = readTarget(target)
    return parts !== null && this.#families[parts.family].delete(parts)
  }

  /** Whether the address (or all of the subnet) lies in an entry. */
  has(ip: string): boolean {
    return this.match(ip) !== null
  }

  /** The narrowest entry that the address (or all of the subnet) lies in, canonical; null when there is none. */
  match(ip: string): string | null {
    const parts = readTarget(ip)
    return parts === null ? null : this.#families[parts.family].match(parts)
  }

  /** The same for a target that was read already. */
  matchOf(parts: TargetParts): string | null {
    return this.#families[parts.family].match(parts)
  }

  /** An entry that shares an address with the target: one around it, else one inside it; null when there is none. */
  overlap(target: string): string | null {
    const parts = readTarget(target)
    return parts === null ? null : this.overlapOf(parts)
  }

  /** The same for a target that was read already, for those who ask several sets. */
  overlapOf(parts: TargetParts): string | null {
    const family = this.#families[parts.family]
    return family.match(parts) ?? (isSingle(parts) ? null : family.inside(parts))
  }

  /** Whether an IPv4 address as a number of 32 bits lies in an entry. */
  hasV4(address: number): boolean {
    for (const { prefix, entries } of this.#v4.levels) {
      const masked = prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0
      if (entries.has(masked)) return true
    }
    return false
  }

  get size(): number {
    return this.#families[4].size + this.#families[6].size
  }
}

/** Those of some known canonical targets that are among others or lie inside of them; null: all. Addresses need no look at all that is known. */
export function meantBy(targets: readonly string[] | null, known: Iterable<string>): readonly string[] {
  if (targets === null) return [...known]
  if (!targets.some(isSubnet)) return targets
  const meant = new TargetSet(targets)
  return [...known].filter((ip) => meant.has(ip))
}
