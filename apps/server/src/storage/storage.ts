import type { AskHistory } from '../db/reads.ts'
import type { Stores } from '../stores.ts'

/** How much room history takes, in bytes. `free`: of `total`, what was given up and can be used again. */
export interface Room {
  readonly total: number
  readonly free: number
}

/** Work that keeps history small and quick, in steps so short that nobody waits for one. */
export interface Upkeep {
  /** Takes the next events into the index of words, at most `limit`; answers how many. */
  indexWords(limit: number): number
  room(): Room
  /** Gives at most so many bytes of free room back to the disk; answers how many it gave. */
  giveBack(bytes: number): number
  /** Whether history can be read and written at this moment. */
  isWell(): boolean
}

/** All that is asked of what keeps history, whatever it is. One process writes; what only reads may do so at the same time. */
export interface Storage {
  readonly stores: Stores
  readonly ask: AskHistory
  readonly upkeep: Upkeep
  /** After this nothing is read or written any more. */
  close(): Promise<void>
}
