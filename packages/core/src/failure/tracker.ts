import { meantBy } from '../ip/target-set.ts'
import type { EpochMs, Seconds } from '../time/epoch.ts'
import { boundText } from '../line/bound.ts'
import { roundEven } from '../ban/round-even.ts'
import { AccountQueue, type Account } from './account.ts'
import { Due } from './due.ts'
import { dropLines, keep } from './evidence.ts'
import type { Failed } from './failure.ts'
import type { Suspect } from './suspects.ts'

/** When failures lead to a ticket, and how much evidence is kept. */
export interface Limits {
  readonly maxretry: number
  readonly findtime: Seconds
  readonly maxmatches: number
}

/** Most addresses that a jail keeps count of; beyond that those are forgotten that failed longest ago. */
export const MOST_ADDRESSES = 100_000
/** Most characters of evidence that a jail keeps in all; beyond that the oldest addresses lose theirs, not their count. */
export const MOST_EVIDENCE = 16_000_000
/** How much of the evidence stays when there is too much, so that it is looked for seldom. */
const EVIDENCE_LEFT = 0.75
const MOST_LINES = 20
/** Of so many addresses that start from nothing the accounts stay: who was banned and goes on comes again at once. */
export const MOST_EMPTIED = 4_096

/**
 * The failures of a jail's addresses, counted as fail2ban counts them: not the failures inside findtime but an estimate
 * of them. When the first failure falls out of findtime the count is scaled down, as if all had come evenly.
 *
 *     findtime 600     seconds  0    300    601
 *                      count    1      2      3     2 / 601 × 600 → 2, and one more
 *
 * Work and memory for a failure do not grow with the number of failures or addresses.
 */
export class FailureTracker {
  readonly #accounts = new Map<string, Account>()
  readonly #queue = new AccountQueue()
  #limits: Limits
  #evidence = 0
  /** Accounts in the order in which they were emptied, some more than once, some gone or in use again. */
  #emptied: Account[] = []
  /** How many accounts have failures. */
  #inUse = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Goes on under other limits: they hold from the next failure on. */
  follow(limits: Limits): void {
    this.#limits = limits
  }

  /** How many addresses have failures that may still lead to a ticket. */
  get size(): number {
    return this.#inUse
  }

  /** How many addresses take memory, those that start from nothing too. */
  get remembered(): number {
    return this.#accounts.size
  }

  /** Of each address the estimate of its failures and the time of the latest. */
  *counts(): Iterable<{ readonly ip: string; readonly failures: number; readonly last: EpochMs }> {
    for (const { ip, failures, last, seen } of this.#accounts.values())
      if (seen > 0) yield { ip, failures, last }
  }

  /**
   * Counts a failure that comes in now, `weight` times. Where maxretry is reached the address starts from nothing, and
   * what was counted is given back. `suspect`: where the address was counted before, so that it need not be looked up.
   */
  count(failure: Failed, now: EpochMs, weight = 1, suspect: Suspect | null = null): Due | null {
    const account = this.#put(failure, now, weight, suspect)
    const { maxretry } = this.#limits
    if (account.failures < maxretry) return null
    // As in fail2ban a known offender's failure counts more only where it is not enough by itself.
    const alone = account.failures - weight + 1
    if (weight > 1 && alone >= maxretry) account.failures = alone
    const due = new Due(account, this.#limits)
    this.#empty(account)
    this.#emptied.push(account)
    if (this.#emptied.length > MOST_EMPTIED) this.#deleteEmptied()
    return due
  }

  /** Counts a failure without deciding: what was known before a restart. */
  add(failure: Failed): void {
    this.#put(failure, failure.at, 1, null)
  }

  /** Forgets canonical addresses, and all inside of subnets; null: everybody. */
  forget(targets: readonly string[] | null): void {
    for (const ip of meantBy(targets, this.#accounts.keys())) {
      const account = this.#accounts.get(ip)
      if (account !== undefined) this.#delete(account)
    }
  }

  /** Frees the memory of addresses that start from nothing at their next failure anyway. */
  tidy(now: EpochMs): void {
    for (let account = this.#queue.quietest(); account !== null && this.#isOver(account, now);) {
      this.#delete(account)
      account = this.#queue.quietest()
    }
  }

  /** Whether an address kept quiet for longer than findtime. */
  #isOver(account: Account, now: EpochMs): boolean {
    return account.last + this.#limits.findtime * 1000 < now
  }

  #put(failure: Failed, now: EpochMs, weight: number, suspect: Suspect | null): Account {
    const known = this.#accountOf(failure.ip, suspect)
    if (known !== undefined) {
      known.hasFailed = true
      if (known.seen === 0 || this.#isOver(known, now)) this.#restart(known, failure.at)
      else this.#move(known, failure.at)
      known.failures += weight
      known.seen++
      if (now >= known.noLinesUntil) this.#note(known, failure)
      return known
    }
    // A copy: an address that was cut out of a line holds on to the line, and accounts live long.
    const ip = suspect?.counted === failure.ip ? suspect.counted : boundText(failure.ip, failure.ip.length)
    const account: Account = {
      ip,
      first: failure.at,
      last: failure.at,
      failures: weight,
      seen: 1,
      newest: null,
      kept: 0,
      characters: 0,
      users: null,
      noLinesUntil: 0,
      hasFailed: false,
      isGone: false,
      older: null,
      newer: null,
    }
    this.#accounts.set(ip, account)
    this.#inUse++
    if (suspect !== null) suspect.account = account
    this.#queue.push(account)
    this.#note(account, failure)
    const quietest = this.#accounts.size > MOST_ADDRESSES ? this.#queue.quietest() : null
    if (quietest !== null) this.#delete(quietest)
    return account
  }

  #accountOf(ip: string, suspect: Suspect | null): Account | undefined {
    const remembered = suspect?.account ?? null
    // A prefix that may no longer be banned whole is counted by its addresses from then on.
    if (remembered !== null && !remembered.isGone && remembered.ip === ip) return remembered
    const known = this.#accounts.get(ip)
    if (suspect !== null) suspect.account = known ?? null
    return known
  }

  /** A failure out of order counts without moving times. */
  #move(account: Account, at: EpochMs): void {
    if (at <= account.last) return
    const { findtime } = this.#limits
    const oldest = at - findtime * 1000
    if (account.first < oldest) {
      // In seconds and in this order, so that what lies in the middle is rounded as fail2ban rounds it.
      account.failures = roundEven((account.failures / (at / 1000 - account.first / 1000)) * findtime)
      account.first = oldest
    }
    account.last = at
  }

  /** Keeps the newest evidence. */
  #note(account: Account, { line, user }: Failed): void {
    const before = account.characters
    keep(account, line, user, Math.min(this.#limits.maxmatches, MOST_LINES))
    this.#evidence += account.characters - before
    if (this.#evidence > MOST_EVIDENCE) this.#dropEvidence()
  }

  #dropEvidence(): void {
    for (let account = this.#queue.oldest; account !== null; account = account.newer) {
      if (this.#evidence <= MOST_EVIDENCE * EVIDENCE_LEFT) return
      this.#evidence -= account.characters
      dropLines(account)
    }
  }

  /** Whoever was banned long ago and keeps quiet needs no account: a storm would leave one for each of its addresses. */
  #deleteEmptied(): void {
    for (const account of this.#emptied.splice(0, MOST_EMPTIED / 2))
      if (account.seen === 0 && !account.isGone) this.#delete(account)
  }

  /** The address starts from nothing. */
  #empty(account: Account): void {
    if (account.seen > 0) this.#inUse--
    this.#evidence -= account.characters
    account.newest = null
    account.kept = 0
    account.characters = 0
    account.users = null
    account.failures = 0
    account.seen = 0
  }

  #restart(account: Account, at: EpochMs): void {
    this.#empty(account)
    this.#inUse++
    account.first = at
    account.last = at
  }

  #delete(account: Account): void {
    // Whoever remembers the account is not to keep its lines.
    this.#empty(account)
    account.isGone = true
    this.#accounts.delete(account.ip)
    this.#queue.remove(account)
  }
}
