import type { EpochMs } from '../time/epoch.ts'
import type { Ban } from './ban.ts'
import { EndQueue } from './end-queue.ts'

/** What adding a ban did; null when a ban with the same or a later end was there. */
export type Added = 'ban.added' | 'ban.extended' | null

const NONE: readonly Ban[] = []
const endOf = (ban: Ban): EpochMs => ban.until ?? Infinity

/** How many outdated entries the queue of ends may hold beside as many as there are bans. */
const SLACK = 1_000

/** Who is banned: at most one ban for each jail and target. */
export class BanList {
  readonly #byJail = new Map<string, Map<string, Ban>>()
  readonly #ends = new EndQueue()
  #size = 0

  /** The ban of a target in a jail. */
  get(jail: string, ip: string): Ban | null {
    return this.#byJail.get(jail)?.get(ip) ?? null
  }

  /** Adds a ban, or extends the one that ends earlier. */
  add(ban: Ban): Added {
    const bans = this.#byJail.get(ban.jail) ?? new Map<string, Ban>()
    const known = bans.get(ban.ip)
    if (known !== undefined && endOf(known) >= endOf(ban)) return null
    this.#byJail.set(ban.jail, bans)
    bans.set(ban.ip, ban)
    this.#ends.push(ban)
    if (known === undefined) this.#size++
    if (this.#ends.size > 2 * this.#size + SLACK) this.#tidy()
    return known === undefined ? 'ban.added' : 'ban.extended'
  }

  /** Takes a ban out; false when it was not in. */
  delete(jail: string, ip: string): boolean {
    const bans = this.#byJail.get(jail)
    const isGone = bans?.delete(ip) ?? false
    if (isGone) this.#size--
    if (bans?.size === 0) this.#byJail.delete(jail)
    return isGone
  }

  /** Takes out the bans that have ended, in order of their end. */
  expire(now: EpochMs): readonly Ban[] {
    // Asked with every line: what ends first does not even have to be in force any more.
    const first = this.#ends.peek()
    if (first === null || endOf(first) > now) return NONE
    let next = this.#next()
    if (next === null || endOf(next) > now) return NONE
    const ended: Ban[] = []
    for (; next !== null && endOf(next) <= now; next = this.#next()) {
      this.delete(next.jail, next.ip)
      ended.push(next)
    }
    return ended
  }

  /** When the next ban ends; null when none does. */
  nextExpiry(): EpochMs | null {
    return this.#next()?.until ?? null
  }

  /** All bans, or those of one jail. */
  all(jail?: string): readonly Ban[] {
    if (jail !== undefined) return [...(this.#byJail.get(jail)?.values() ?? [])]
    return [...this.#byJail.values()].flatMap((bans) => [...bans.values()])
  }

  /** How many targets a jail has banned. */
  countOf(jail: string): number {
    return this.#byJail.get(jail)?.size ?? 0
  }

  /** Bans that are extended again and again must not fill the queue. */
  #tidy(): void {
    this.#ends.clear()
    for (const ban of this.all()) this.#ends.push(ban)
  }

  /** The ban that ends next. What the queue still holds of bans that were lifted or extended is dropped. */
  #next(): Ban | null {
    for (let next = this.#ends.peek(); next !== null; next = this.#ends.peek()) {
      if (this.get(next.jail, next.ip) === next) return next
      this.#ends.pop()
    }
    return null
  }
}
