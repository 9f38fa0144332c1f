import type { Transaction } from './transaction.ts'

/** Work for the database whose outcome is told after the commit. */
export interface Job<T> {
  write(): T
  done(result: T): void
  failed(err: unknown): void
}

/** Told inside each transaction, before the first and behind the last job. */
export interface Around {
  begin(): void
  end(): void
}

/** A job whose result nobody else needs to know. */
interface Queued {
  /** Writes; answers what to do after the commit. */
  write(): () => void
  failed(err: unknown): void
}

/**
 * Puts what arrives together into one transaction: a commit is a wait for the disk, whether it holds one batch
 * or fifty. When the transaction fails each job gets one of its own, so that a bad one fails alone.
 */
export class Writer {
  readonly #transaction: Transaction
  #queue: Queued[] = []
  #stopped = false

  constructor(transaction: Transaction, around: Around = { begin() {}, end() {} }) {
    this.#transaction = (work) =>
      transaction(() => {
        around.begin()
        const result = work()
        around.end()
        return result
      })
  }

  add<T>(job: Job<T>): void {
    if (this.#stopped) return
    if (this.#queue.length === 0) setImmediate(() => this.flush())
    this.#queue.push({
      write() {
        const result = job.write()
        return () => job.done(result)
      },
      failed: (err) => job.failed(err),
    })
  }

  /** Writes something that nobody waits for, and that may fail without anybody being worse off. */
  later(write: () => void, failed: (err: unknown) => void): void {
    this.add({ write, done: () => {}, failed })
  }

  /** Writes what waits, and takes nothing more: the database is about to be closed. */
  stop(): void {
    this.flush()
    this.#stopped = true
  }

  /** Writes now what waits. */
  flush(): void {
    const jobs = this.#queue
    if (jobs.length === 0) return
    this.#queue = []
    let after: readonly (() => void)[]
    try {
      after = this.#transaction(() => jobs.map((job) => job.write()))
    } catch {
      for (const job of jobs) this.#alone(job)
      return
    }
    for (const tell of after) tell()
  }

  #alone(job: Queued): void {
    let tell: () => void
    try {
      tell = this.#transaction(() => job.write())
    } catch (err) {
      return job.failed(err)
    }
    tell()
  }
}
