import Database from 'better-sqlite3'
import type { ReadName, Reads } from '../storage/reads.ts'
import { openReads } from './reads.ts'

/** A question to the process, and its answer. The first message of all names the file. */
export interface Question {
  readonly id: number
  readonly name: ReadName
  readonly args: readonly unknown[]
}
export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly problem: string }

// A process that only reads: its connection cannot write, whatever it is asked. It ends with the one that started it: then
// there is nobody left who could ask.
function open(file: string): Reads {
  const db = new Database(file, { readonly: true, timeout: 5_000 })
  db.pragma('query_only = ON')
  db.pragma('temp_store = MEMORY')
  db.pragma('cache_size = -16384')
  return openReads(db)
}

function answer(reads: Reads, { id, name, args }: Question): Reply {
  try {
    const read: (...args: never[]) => unknown = reads[name]
    return { id, ok: true, value: Reflect.apply(read, undefined, args) }
  } catch (err) {
    return { id, ok: false, problem: err instanceof Error ? err.message : String(err) }
  }
}

let reads: Reads | null = null
process.on('message', (message: string | Question) => {
  if (typeof message === 'string') reads = open(message)
  else if (reads !== null) process.send?.(answer(reads, message))
})
