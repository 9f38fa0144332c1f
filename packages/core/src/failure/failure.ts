import type { EpochMs } from '../time/epoch.ts'

/** A match that counts against an address at a time. */
export interface Failure {
  readonly jail: string
  readonly ip: string
  readonly at: EpochMs
  readonly user?: string
  /** The log line, bounded. */
  readonly line: string
}
