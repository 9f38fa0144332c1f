import type { Ticket } from '../ban/ban.ts'
import { contains, isSubnet } from '../ip/cidr.ts'
import type { EpochMs, Seconds } from '../time/epoch.ts'
import type { Failure } from './failure.ts'

/** When failures lead to a ticket, and how much evidence is kept. */
export interface Limits {
  readonly maxretry: number
  readonly findtime: Seconds
  readonly maxmatches: number
}

/** Most addresses that a jail keeps count of; beyond that those are forgotten that failed longest ago. */
export const MOST_ADDRESSES = 100_000
/** Most failures that a jail keeps in all, for jails with a high maxretry. */
export const MOST_FAILURES = 500_000
const MOST_USERS = 10
const MOST_LINES = 20

/** What is known of one address. */
interface Account {
  /** Times of its failures in order. */
  times: EpochMs[]
  lines: { readonly at: EpochMs; readonly line: string }[]
  /** User names with the time of their last failure. */
  readonly users: Map<string, EpochMs>
  /** When its last failure came in. */
  cameAt: EpochMs
}

/** Puts a time in its place: failures may come out of order. */
function insert(times: EpochMs[], at: EpochMs): void {
  let place = times.length
  while (place > 0 && (times[place - 1] ?? at) > at) place--
  times.splice(place, 0, at)
}

/**
 * The failures of a jail's addresses inside findtime. The window slides: what counts is that maxretry failures lie
 * within findtime of each other, to the millisecond.
 *
 *     findtime  |<------------------->|
 *     failures  x      x           x  x     → 4 inside, counted from the newest back
 */
export class FailureTracker {
  /** In order of arrival of the last failure, so the first one is the oldest. */
  readonly #accounts = new Map<string, Account>()
  #failures = 0

  /** How many addresses are kept count of. */
  get size(): number {
    return this.#accounts.size
  }

  /** Counts a failure. A ticket when maxretry is reached inside findtime; the address then starts from nothing. */
  count(failure: Failure, limits: Limits, now: EpochMs): Ticket | null {
    const account = this.add(failure, limits, now)
    if (account.times.length < limits.maxretry) return null
    this.#delete(failure.ip)
    return toTicket(account, limits)
  }

  /** Counts a failure without deciding: what was known before a restart. */
  add(failure: Failure, limits: Limits, now: EpochMs): Account {
    const known = this.#accounts.get(failure.ip)
    const account = known ?? { times: [], lines: [], users: new Map<string, EpochMs>(), cameAt: now }
    const before = account.times.length
    insert(account.times, failure.at)
    keepWithin(account, failure, limits)
    account.cameAt = now
    this.#failures += account.times.length - before
    this.#accounts.delete(failure.ip)
    this.#accounts.set(failure.ip, account)
    this.#bound(failure.ip)
    return account
  }

  /** Forgets the address, or all addresses inside the subnet; null: all. */
  forget(target: string | null): void {
    if (target !== null && !isSubnet(target)) {
      this.#delete(target)
      return
    }
    for (const ip of this.#accounts.keys()) if (target === null || contains(target, ip)) this.#delete(ip)
  }

  /** Drops the addresses whose last failure came in before a moment. */
  dropBefore(moment: EpochMs): void {
    for (const [ip, account] of this.#accounts) {
      if (account.cameAt >= moment) return
      this.#delete(ip)
    }
  }

  get #isFull(): boolean {
    return this.#accounts.size > MOST_ADDRESSES || this.#failures > MOST_FAILURES
  }

  #delete(ip: string): void {
    this.#failures -= this.#accounts.get(ip)?.times.length ?? 0
    this.#accounts.delete(ip)
  }

  #bound(newest: string): void {
    // Asked before the walk begins: to find the first of a map, V8 passes every entry that was taken out.
    if (!this.#isFull) return
    for (const ip of this.#accounts.keys()) {
      if (!this.#isFull) return
      if (ip !== newest) this.#delete(ip)
    }
  }
}

/** Drops what lies outside findtime, seen from the newest failure, and keeps the evidence bounded. */
function keepWithin(account: Account, failure: Failure, limits: Limits): void {
  const newest = account.times.at(-1) ?? failure.at
  const oldest = newest - limits.findtime * 1000
  if ((account.times[0] ?? oldest) < oldest) account.times = account.times.filter((at) => at >= oldest)
  account.lines.push({ at: failure.at, line: failure.line })
  if (account.lines.some(({ at }) => at < oldest))
    account.lines = account.lines.filter(({ at }) => at >= oldest)
  while (account.lines.length > Math.min(limits.maxmatches, MOST_LINES)) account.lines.shift()
  if (failure.user !== undefined && failure.user !== '') {
    account.users.set(failure.user, failure.at)
  }
  for (const [user, at] of account.users) {
    if (at < oldest || account.users.size > MOST_USERS) account.users.delete(user)
  }
}

function toTicket(account: Account, limits: Limits): Ticket {
  return {
    failures: account.times.length,
    first: account.times[0] ?? account.cameAt,
    last: account.times.at(-1) ?? account.cameAt,
    maxretry: limits.maxretry,
    findtime: limits.findtime,
    users: [...account.users.keys()],
    lines: account.lines.map(({ line }) => line),
  }
}
