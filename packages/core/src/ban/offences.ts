import { meantBy } from '../ip/target-set.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Ban } from './ban.ts'
import { beginOf } from './ban-time.ts'

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
  readonly jail: string
  bans: number
  lastAt: EpochMs
}

/** Who was banned before. */
export class Offences {
  /** By address, in order of the last ban, so the first one is the oldest. */
  readonly #byAddress = new Map<string, Past[]>()

  /** Puts in what was known before a restart, the oldest first. */
  restore({ jail, ip, bans, lastAt }: Offence): void {
    this.#put(ip, { jail, bans, lastAt })
  }

  /** Notes a ban. One that counted as a later one, since other jails banned too, is as many: fail2ban counts so. */
  note(ban: Ban): void {
    const { jail, ip, ticket } = ban
    const bans = Math.max(1, (ticket?.offence ?? 1) - this.count(ip, jail))
    this.#put(ip, { jail, bans, lastAt: beginOf(ban) })
  }

  /** How often an address was banned by one jail, or by all of them. */
  count(ip: string, jail: string | null): number {
    const records = this.#byAddress.get(ip)
    if (records === undefined) return 0
    if (jail !== null) return records.find((past) => past.jail === jail)?.bans ?? 0
    let count = 0
    for (const { bans } of records) count += bans
    return count
  }

  /** When an address was banned last by a jail; null: it never was. */
  lastAt(ip: string, jail: string): EpochMs | null {
    return this.#byAddress.get(ip)?.find((past) => past.jail === jail)?.lastAt ?? null
  }

  /** Forgets canonical addresses, all in subnets, or (null) everybody, in one jail or (null) in all. */
  forget(targets: readonly string[] | null, jail: string | null): void {
    for (const ip of meantBy(targets, this.#byAddress.keys())) {
      const left = this.#byAddress.get(ip)?.filter((past) => jail !== null && past.jail !== jail) ?? []
      if (left.length === 0) this.#byAddress.delete(ip)
      else this.#byAddress.set(ip, left)
    }
  }

  /** Forgets who kept quiet for long. */
  tidy(now: EpochMs): void {
    for (const [ip, records] of this.#byAddress) {
      if (newestOf(records) >= now - OFFENCES_LAST_MS && this.#byAddress.size <= MOST_OFFENDERS) return
      this.#byAddress.delete(ip)
    }
  }

  #put(ip: string, past: Past): void {
    // Nearly all have one only, and an array made of it takes no more room than that needs.
    const records = this.#byAddress.get(ip) ?? [past]
    const known = records.find(({ jail }) => jail === past.jail)
    if (known === undefined) records.push(past)
    else if (known !== past) {
      known.bans += past.bans
      known.lastAt = Math.max(known.lastAt, past.lastAt)
    }
    this.#byAddress.delete(ip)
    this.#byAddress.set(ip, records)
    if (this.#byAddress.size > MOST_OFFENDERS) this.tidy(past.lastAt)
  }
}

function newestOf(records: readonly Past[]): EpochMs {
  let newest = 0
  for (const { lastAt } of records) newest = Math.max(newest, lastAt)
  return newest
}
