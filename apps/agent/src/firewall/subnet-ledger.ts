import { contains, isSubnet, TargetSet, type EpochMs } from '@warder/core'
import type { Enforced, FirewallChange } from './firewall.ts'
import type { HeldSubnets } from './nft-script.ts'

type Subnets = ReadonlyMap<string, EpochMs | null>

/**
 * The subnets that no other one contains. The kernel's sets refuse overlapping ones, so only these are in it; one
 * that lies inside another is in force through it, and moves up when the outer one ends.
 */
export function outermost(subnets: Subnets): Subnets {
  const outer = new TargetSet()
  // The widest first: what none of them holds is held by none.
  const widestFirst = [...subnets.keys()].toSorted((one, other) => bitsOf(one) - bitsOf(other))
  for (const ip of widestFirst) if (!outer.has(ip)) outer.add(ip)
  return new Map([...subnets].filter(([ip]) => outer.match(ip) === ip))
}

const bitsOf = (subnet: string): number => Number(subnet.split('/')[1])

/** Knows which subnets are banned, by jail, and so what the kernel has to hold of them. */
export class SubnetLedger {
  #byJail: ReadonlyMap<string, Subnets> = new Map()

  /** Notes subnets that the kernel holds and nobody told us of, as after a restart. */
  learn(enforced: readonly Enforced[]): void {
    const byJail = new Map<string, Map<string, EpochMs | null>>()
    for (const [jail, subnets] of this.#byJail) byJail.set(jail, new Map(subnets))
    for (const { jail, ip, until } of enforced) {
      if (!isSubnet(ip)) continue
      const known = byJail.get(jail) ?? new Map<string, EpochMs | null>()
      if (!known.has(ip)) known.set(ip, until)
      byJail.set(jail, known)
    }
    this.#byJail = byJail
  }

  /** Whether it knows of the target of a change. */
  holds({ jail, ip }: FirewallChange): boolean {
    return this.#byJail.get(jail)?.has(ip) ?? false
  }

  /** Forgets all jails but these. */
  keepOnly(jails: ReadonlySet<string>): void {
    this.#byJail = new Map([...this.#byJail].filter(([jail]) => jails.has(jail)))
  }

  /** What the kernel has to hold of each jail that changes; `commit` is to be called once it does. */
  plan(changes: readonly FirewallChange[], now: EpochMs): { held: HeldSubnets; commit(): void } {
    const after = new Map(this.#byJail)
    for (const [jail, own] of Map.groupBy(changes, (change) => change.jail)) {
      after.set(jail, changed(this.#byJail.get(jail), own, now))
    }
    const jails = new Set(changes.map((change) => change.jail))
    const held = new Map([...jails].map((jail) => [jail, outermost(after.get(jail) ?? new Map())]))
    const commit = () => {
      this.#byJail = after
    }
    return { held, commit }
  }

  /** Subnets that are in force through a larger one that the kernel holds. */
  inside(enforced: readonly Enforced[], now: EpochMs): readonly Enforced[] {
    const held = new Set(enforced.map(({ jail, ip }) => `${jail} ${ip}`))
    const outer = enforced.filter(({ ip }) => isSubnet(ip))
    return [...this.#byJail].flatMap(([jail, subnets]) =>
      [...subnets]
        .filter(([ip, until]) => (until === null || until > now) && !held.has(`${jail} ${ip}`))
        .filter(([ip]) => outer.some((other) => other.jail === jail && contains(other.ip, ip)))
        .map(([ip, until]) => ({ jail, ip, until })),
    )
  }
}

function changed(before: Subnets | undefined, changes: readonly FirewallChange[], now: EpochMs): Subnets {
  const next = new Map([...(before ?? [])].filter(([, until]) => until === null || until > now))
  for (const change of changes) {
    if (change.kind === 'add' && (change.until === null || change.until > now))
      next.set(change.ip, change.until)
    else next.delete(change.ip)
  }
  return next
}
