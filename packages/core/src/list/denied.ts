import type { EpochMs } from '../time/epoch.ts'

/** An entry of a deny list. */
export interface Denied {
  /** Canonical address or subnet. */
  readonly ip: string
  /** Null: as long as the list names it. */
  readonly until: EpochMs | null
  /** The name of the list. */
  readonly list: string
}
