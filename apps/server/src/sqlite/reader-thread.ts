import Database from 'better-sqlite3'
import { parentPort, workerData } from 'node:worker_threads'
import type { ReadName } from '../storage/reads.ts'
import { openReads } from './reads.ts'

/** A question to the thread, and its answer. */
export interface Question {
  readonly id: number
  readonly name: ReadName
  readonly args: readonly unknown[]
}
export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly problem: string }

// A thread that only reads: its connection cannot write, whatever it is asked.
const db = new Database(String(workerData), { readonly: true, timeout: 5_000 })
db.pragma('query_only = ON')
db.pragma('temp_store = MEMORY')
db.pragma('cache_size = -16384')
const reads = openReads(db)

parentPort?.on('message', ({ id, name, args }: Question) => {
  let reply: Reply
  try {
    const read: (...args: never[]) => unknown = reads[name]
    reply = { id, ok: true, value: Reflect.apply(read, undefined, args) }
  } catch (err) {
    reply = { id, ok: false, problem: err instanceof Error ? err.message : String(err) }
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(reply)
})
