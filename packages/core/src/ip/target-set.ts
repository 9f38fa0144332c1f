import { covers, formatTarget, isSingle, maskGroups, readTarget, type TargetParts } from './cidr.ts'

/** Groups are 16 bits wide, so they make a key as one character each. */
const keyOf = (groups: readonly number[]): string => String.fromCharCode(...groups)

/** The entries of one family: by length of prefix, the longest first. */
class Family {
  readonly #byPrefix = new Map<number, Map<string, string>>()
  #prefixes: readonly number[] = []

  add(target: TargetParts): void {
    const entries = this.#byPrefix.get(target.prefix) ?? new Map<string, string>()
    entries.set(keyOf(target.groups), formatTarget(target))
    this.#byPrefix.set(target.prefix, entries)
    this.#order()
  }

  delete(target: TargetParts): boolean {
    const entries = this.#byPrefix.get(target.prefix)
    const gone = entries?.delete(keyOf(target.groups)) ?? false
    if (entries?.size === 0) this.#byPrefix.delete(target.prefix)
    this.#order()
    return gone
  }

  match(target: TargetParts): string | null {
    for (const prefix of this.#prefixes) {
      if (prefix > target.prefix) continue
      const found = this.#byPrefix.get(prefix)?.get(keyOf(maskGroups(target.groups, prefix)))
      if (found !== undefined) return found
    }
    return null
  }

  inside(target: TargetParts): string | null {
    for (const prefix of this.#prefixes) {
      if (prefix < target.prefix) return null
      for (const entry of this.#byPrefix.get(prefix)?.values() ?? []) {
        const parts = readTarget(entry)
        if (parts !== null && covers(target, parts)) return entry
      }
    }
    return null
  }

  get size(): number {
    let size = 0
    for (const entries of this.#byPrefix.values()) size += entries.size
    return size
  }

  #order(): void {
    if (this.#byPrefix.size !== this.#prefixes.length) {
      this.#prefixes = [...this.#byPrefix.keys()].sort((a, b) => b - a)
    }
  }
}

/** A set of addresses and subnets with a fast look-up of what an address lies in. Text that is neither is left out. */
export class TargetSet {
  readonly #families = { 4: new Family(), 6: new Family() }

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

  get size(): number {
    return this.#families[4].size + this.#families[6].size
  }
}
