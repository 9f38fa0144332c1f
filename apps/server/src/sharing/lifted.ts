import { contains, isSubnet, type EpochMs } from '@warder/core'

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
  readonly #addresses = new Map<string, EpochMs>()
  readonly #subnets = new Map<string, Lift>()

  constructor(lifts: readonly Lift[] = []) {
    for (const lift of lifts) this.add(lift)
  }

  add(lift: Lift): void {
    const key = keyOf(lift.ip, lift.jail)
    if (isSubnet(lift.ip)) this.#subnets.set(key, lift)
    this.#addresses.set(key, Math.max(lift.issuedAt, this.#addresses.get(key) ?? 0))
  }

  /** When a target was last lifted in a jail; null: never. */
  lastAt(ip: string, jail: string): EpochMs | null {
    let last = Math.max(this.#addresses.get(keyOf(ip, jail)) ?? 0, this.#addresses.get(keyOf(ip, null)) ?? 0)
    for (const lift of this.#subnets.values()) {
      if (lift.issuedAt <= last || (lift.jail !== null && lift.jail !== jail)) continue
      if (contains(lift.ip, ip)) last = lift.issuedAt
    }
    return last === 0 ? null : last
  }

  /** Forgets those from before a moment. */
  forget(before: EpochMs): void {
    for (const [key, at] of this.#addresses) if (at < before) this.#addresses.delete(key)
    for (const [key, { issuedAt }] of this.#subnets) if (issuedAt < before) this.#subnets.delete(key)
  }
}
