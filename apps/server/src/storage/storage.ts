import type { EpochMs } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { Vault } from '../notifications/vault.ts'
import type { PastFailures } from '../preview/failure-text.ts'
import type { AskHistory } from './reads.ts'
import type { Stores } from './stores.ts'

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

/** Failures of the past, for a thread of its own: it cannot write, and shares nothing with the storage of the server. */
export interface Past extends Disposable {
  /** Those of a jail from a moment on, before another one, in the order in which they came in. */
  of(jail: string, from: EpochMs, to: EpochMs): PastFailures
}

export interface OpenOptions {
  /** What is sealed with it no thief of the history can read. */
  readonly vault: Vault
  /** Time for deadlines. */
  readonly clock: Clock
}

/** A way of keeping history in, or for, a data folder. */
export interface Backend {
  /** Takes the folder for this process; null: another one has it. It is free again when this process ends, however that is. */
  lock(folder: string): Disposable | null
  /** Whether a process has the folder at this moment. */
  isLocked(folder: string): boolean
  /** Whether there is a history already. */
  exists(folder: string): boolean
  /** Opens history, makes it where there is none, and brings it to the newest schema. @throws StorageError, or what the system says */
  open(folder: string, options: OpenOptions): Storage
  openPast(folder: string): Past
  /** Copies history, as it is at this moment, into another folder; a server may go on writing. `told`: how much is done, 0 to 1. */
  copy(folder: string, to: string, told: (done: number) => void): Promise<void>
  /** Reads history through and through → what is wrong with it, in words. Nothing: it is whole, and this server can use it. */
  problems(folder: string): readonly string[]
  /** How much a copy of it takes (bytes). */
  bytes(folder: string): number
  /** Whether a file of a data folder holds history. */
  isFile(name: string): boolean
}

export type StorageCode = 'EACCES' | 'ENOSPC' | 'EDAMAGED'

/** Why history cannot be used; `code` as the system would say it, null where it has no word for it, EDAMAGED: it cannot be read any more. */
export class StorageError extends Error {
  readonly code: StorageCode | null

  constructor(message: string, code: StorageCode | null, cause: unknown) {
    super(message, { cause })
    this.code = code
  }
}
