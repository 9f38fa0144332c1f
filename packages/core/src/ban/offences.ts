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
  /** Those of the same address by another jail. Nearly all have none, and a list would take as much room as all the rest. */
  other: Past | null
}

/** Who was banned before. */
export class Offences {
  /** By address, in order of the last ban, so the first one is the oldest. */
  readonly #byAddress = new Map<string, Past>()

  /** Puts in what was known before a restart, the oldest first. */
  restore({ jail, ip, bans, lastAt }: Offence): void {
    this.#put(ip, { jail, bans, lastAt, other: null })
  }

  /** Notes a ban. One that counted as a later one, since other jails banned too, is as many: fail2ban counts so. */
  note(ban: Ban): void {
    const { jail, ip, ticket } = ban
    const bans = Math.max(1, (ticket?.offence ?? 1) - this.count(ip, jail))
    this.#put(ip, { jail, bans, lastAt: beginOf(ban), other: null })
  }

  /** How often an address was banned by one jail, or by all of them. */
  count(ip: string, jail: string | null): number {
    let count = 0
    for (let past = this.#byAddress.get(ip) ?? null; past !== null; past = past.other)
      if (jail === null || past.jail === jail) count += past.bans
    return count
  }

  /** When an address was banned last by a jail; null: it never was. */
  lastAt(ip: string, jail: string): EpochMs | null {
    return pastOf(this.#byAddress.get(ip), jail)?.lastAt ?? null
  }

  /** Forgets canonical addresses, all in subnets, or (null) everybody, in one jail or (null) in all. */
  forget(targets: readonly string[] | null, jail: string | null): void {
    for (const ip of meantBy(targets, this.#byAddress.keys())) {
      const left = jail === null ? null : without(this.#byAddress.get(ip) ?? null, jail)
      if (left === null) this.#byAddress.delete(ip)
      else this.#byAddress.set(ip, left)
    }
  }

  /** Forgets who kept quiet for long. */
  tidy(now: EpochMs): void {
    for (const [ip, past] of this.#byAddress) {
      if (newestOf(past) >= now - OFFENCES_LAST_MS && this.#byAddress.size <= MOST_OFFENDERS) return
      this.#byAddress.delete(ip)
    }
  }

  #put(ip: string, past: Past): void {
    const first = this.#byAddress.get(ip)
    const known = pastOf(first, past.jail)
    if (known === undefined) past.other = first ?? null
    else {
      known.bans += past.bans
      known.lastAt = Math.max(known.lastAt, past.lastAt)
    }
    if (first !== undefined) this.#byAddress.delete(ip)
    this.#byAddress.set(ip, known === undefined ? past : (first ?? known))
    if (this.#byAddress.size > MOST_OFFENDERS) this.tidy(past.lastAt)
  }
}

function pastOf(first: Past | undefined, jail: string): Past | undefined {
  for (let past = first ?? null; past !== null; past = past.other) if (past.jail === jail) return past
  return undefined
}

/** A chain without what one jail did. */
function without(first: Past | null, jail: string): Past | null {
  if (first === null || first.jail === jail) return first?.other ?? null
  first.other = without(first.other, jail)
  return first
}

function newestOf(first: Past): EpochMs {
  let newest = 0
  for (let past: Past | null = first; past !== null; past = past.other) newest = Math.max(newest, past.lastAt)
  return newest
}
