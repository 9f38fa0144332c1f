import type { Db } from './open.ts'

/** Runs work in one transaction: all of it is kept, or nothing when it throws. */
export type Transaction = <T>(work: () => T) => T

/** Transactions that take the write lock at their beginning, so that they wait instead of failing half-way. */
export const transactionsOf =
  (db: Db): Transaction =>
  (work) =>
    db.inTransaction ? work() : db.transaction(work).immediate()
