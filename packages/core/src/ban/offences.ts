import { meantBy } from '../ip/target-set.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Ban } from './ban.ts'

/** How often an address was banned by a jail before, and when last. */
export interface Offence {
  readonly jail: string
  readonly ip: string
  readonly bans: number
  readonly lastAt: EpochMs
}

/** How long an address that keeps quiet is remembered. */
export const OFFENCES_LAST_MS = 90 * 86_400_000
/** Most addresses that are remembered; beyond that those are forgotten that were banned longest ago. */
const MOST_OFFENDERS = 100_000

/** Bans of one address by one jail. */
interface Past {
  bans: number
  lastAt: EpochMs
}

/** Who was banned before. */
export class Offences {
  /** By address, in order of the last ban, so the first one is the oldest. */
  readonly #byAddress = new Map<string, Map<string, Past>>()

  /** Puts in what was known before a restart, the oldest first. */
  restore({ jail, ip, bans, lastAt }: Offence): void {
    this.#put(jail, ip, { bans, lastAt })
  }

  /** Notes a ban. */
  note({ jail, ip, at }: Ban): void {
    this.#put(jail, ip, { bans: 1, lastAt: at })
  }

  /** How often an address was banned by one jail, or by all of them. */
  count(ip: string, jail: string | null): number {
    const records = this.#byAddress.get(ip)
    if (records === undefined) return 0
    if (jail !== null) return records.get(jail)?.bans ?? 0
    let count = 0
    for (const { bans } of records.values()) count += bans
    return count
  }

  /** When an address was banned last by a jail; null: it never was. */
  lastAt(ip: string, jail: string): EpochMs | null {
    return this.#byAddress.get(ip)?.get(jail)?.lastAt ?? null
  }

  /** Forgets canonical addresses, all in subnets, or (null) everybody, in one jail or (null) in all. */
  forget(targets: readonly string[] | null, jail: string | null): void {
    for (const ip of meantBy(targets, this.#byAddress.keys())) {
      const records = this.#byAddress.get(ip)
      if (jail !== null) records?.delete(jail)
      if (jail === null || records?.size === 0) this.#byAddress.delete(ip)
    }
  }

  /** Forgets who kept quiet for long. */
  tidy(now: EpochMs): void {
    for (const [ip, records] of this.#byAddress) {
      if (newestOf(records) >= now - OFFENCES_LAST_MS && this.#byAddress.size <= MOST_OFFENDERS) return
      this.#byAddress.delete(ip)
    }
  }

  #put(jail: string, ip: string, { bans, lastAt }: Past): void {
    const records = this.#byAddress.get(ip) ?? new Map<string, Past>()
    const known = records.get(jail)
    records.set(jail, { bans: (known?.bans ?? 0) + bans, lastAt: Math.max(known?.lastAt ?? 0, lastAt) })
    this.#byAddress.delete(ip)
    this.#byAddress.set(ip, records)
    if (this.#byAddress.size > MOST_OFFENDERS) this.tidy(lastAt)
  }
}

function newestOf(records: ReadonlyMap<string, Past>): EpochMs {
  let newest = 0
  for (const { lastAt } of records.values()) newest = Math.max(newest, lastAt)
  return newest
}
