import type { EpochMs } from '../time/epoch.ts'
import type { Evidence } from './evidence.ts'

/** What is known of one address that failed. */
export interface Account extends Evidence {
  readonly ip: string
  /** Since when the failures are counted; moves on with findtime. */
  first: EpochMs
  /** The latest failure. */
  last: EpochMs
  /** The estimate of failures inside findtime. */
  failures: number
  /** All failures that went into the estimate, however old. */
  seen: number
  /** Until then none of its lines is kept: its ban is on its way. */
  noLinesUntil: EpochMs
  /** Whether it failed again since the queue looked at it. */
  hasFailed: boolean
  /** Whether it is counted in no more: whoever remembers it looks for another one. */
  isGone: boolean
  /** Neighbours in the queue. */
  older: Account | null
  newer: Account | null
}

/**
 * Accounts in the order in which they began or were last looked over, as a chain: taking one out of a map and putting it
 * back for every failure would make the map rehash itself again and again, and moving it in the chain would touch its
 * neighbours. So it stays where it is, and who looks for the quiet ones passes on those that failed meanwhile.
 */
export class AccountQueue {
  #oldest: Account | null = null
  #newest: Account | null = null

  /** The account that was looked over longest ago. */
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

  /** The account that failed longest ago, nearly: those that failed since they were looked over go to the end. */
  quietest(): Account | null {
    for (let account = this.#oldest; account !== null && account.hasFailed; account = this.#oldest) {
      account.hasFailed = false
      this.remove(account)
      this.push(account)
    }
    return this.#oldest
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
