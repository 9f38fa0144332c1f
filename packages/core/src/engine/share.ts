import type { SharedFrom, Ticket } from '../ban/ban.ts'
import type { EpochMs } from '../time/epoch.ts'

/** A ban of the cluster, to be enforced here too. */
export interface SharedBan {
  readonly ip: string
  /** When it was decided elsewhere: a lift that was ordered after that lifts it here too. */
  readonly at: EpochMs
  /** By this node's clock; null: without an end. */
  readonly until: EpochMs | null
  readonly from: SharedFrom
  readonly ticket?: Ticket
}
