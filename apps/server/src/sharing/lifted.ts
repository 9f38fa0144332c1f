import { contains, isSubnet, isWhole, type EpochMs } from '@warder/core'

/** A lift that meant every node. */
export interface Lift {
  /** Canonical: a subnet means all inside. */
  readonly ip: string
  /** Null: every jail. */
  readonly jail: string | null
  readonly issuedAt: EpochMs
}

const keyOf = (ip: string, jail: string | null): string => `${jail ?? '*'} ${ip}`

/** The lifts of the last time, so that it can be told at once whether an address was lifted since a moment. */
export class Lifted {
  readonly #all = new Map<string, Lift>()
  readonly #subnets = new Map<string, Lift>()

  constructor(lifts: readonly Lift[] = []) {
    for (const lift of lifts) this.add(lift)
  }

  add(lift: Lift): void {
    const key = keyOf(lift.ip, lift.jail)
    if (isSubnet(lift.ip)) this.#subnets.set(key, lift)
    if (lift.issuedAt > this.#at(key)) this.#all.set(key, lift)
  }

  /** When a target was last lifted in a jail, one that is banned whole for its addresses also with any of them; null: never. */
  lastAt(ip: string, jail: string): EpochMs | null {
    let last = Math.max(this.#at(keyOf(ip, jail)), this.#at(keyOf(ip, null)))
    const stands = isWhole(ip)
    for (const lift of (stands ? this.#all : this.#subnets).values()) {
      if (lift.issuedAt <= last || (lift.jail !== null && lift.jail !== jail)) continue
      if (contains(lift.ip, ip) || (stands && contains(ip, lift.ip))) last = lift.issuedAt
    }
    return last === 0 ? null : last
  }

  /** Forgets those from before a moment. */
  forget(before: EpochMs): void {
    for (const [key, { issuedAt }] of this.#all) if (issuedAt < before) this.#all.delete(key)
    for (const [key, { issuedAt }] of this.#subnets) if (issuedAt < before) this.#subnets.delete(key)
  }

  #at(key: string): EpochMs {
    return this.#all.get(key)?.issuedAt ?? 0
  }
}
