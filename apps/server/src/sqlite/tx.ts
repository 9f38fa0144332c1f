import type { Transaction } from '../storage/transaction.ts'
import type { Db } from './open.ts'

/** Transactions that take the write lock at their beginning, so that they wait instead of failing half-way. */
export const transactionsOf =
  (db: Db): Transaction =>
  (work) =>
    db.inTransaction ? work() : db.transaction(work).immediate()
