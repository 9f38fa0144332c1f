import type { EpochMs } from '../time/epoch.ts'

/** Who failed, when, and what tells so. */
export interface Failed {
  readonly ip: string
  readonly at: EpochMs
  readonly user?: string
  /** The log line, bounded. */
  readonly line: string
}

/** A match that counts against an address at a time. */
export interface Failure extends Failed {
  readonly jail: string
}
