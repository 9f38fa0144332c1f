import type { EpochMs } from '../time/epoch.ts'

/** What is known of one address that failed. */
export interface Account {
  readonly ip: string
  /** Since when the failures are counted; moves on with findtime. */
  first: EpochMs
  /** The latest failure. */
  last: EpochMs
  /** The estimate of failures inside findtime. */
  failures: number
  /** All failures that went into the estimate, however old. */
  seen: number
  /** The last lines, oldest first; null where none are kept. */
  lines: string[] | null
  /** User names seen, the first one first; null where nobody was named. */
  users: string[] | null
  /** Neighbours in the queue. */
  older: Account | null
  newer: Account | null
}

/**
 * Accounts in order of the last failure that came in, as a chain: moving one to the end touches its neighbours only,
 * whereas taking it out of a map and putting it back would make the map rehash itself again and again.
 */
export class AccountQueue {
  #oldest: Account | null = null
  #newest: Account | null = null

  /** The account whose last failure came in longest ago. */
  get oldest(): Account | null {
    return this.#oldest
  }

  /** Adds an account that is in no queue, as the newest. */
  push(account: Account): void {
    account.older = this.#newest
    if (this.#newest === null) this.#oldest = account
    else this.#newest.newer = account
    this.#newest = account
  }

  /** Makes an account of this queue the newest. */
  renew(account: Account): void {
    if (account === this.#newest) return
    this.remove(account)
    this.push(account)
  }

  /** Takes an account of this queue out. */
  remove(account: Account): void {
    const { older, newer } = account
    if (older === null) this.#oldest = newer
    else older.newer = newer
    if (newer === null) this.#newest = older
    else newer.older = older
    account.older = null
    account.newer = null
  }
}
