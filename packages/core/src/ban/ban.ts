import type { EpochMs } from '../time/epoch.ts'

/** Why a ban exists. One of a deny list has no life of its own: it is there as long as the list names its target. */
export type BanOrigin = 'detected' | 'operator' | 'shared' | 'list'

/** Where a ban comes from that this node did not decide on itself. */
export interface SharedFrom {
  /** The server's name for it: the same one comes again after a lost connection. */
  readonly share: string
  /** The nodes that saw what it is for. */
  readonly nodes: readonly string[]
  /** The jail that it was made by, which this node may not run. */
  readonly jail: string
  /** The policy under which it is shared, as it is written. */
  readonly policy: string
}

/** The evidence that maxretry was reached inside findtime. */
export interface Ticket {
  /** The estimate that reached maxretry. */
  readonly failures: number
  /** How many failures went into it, where they are not as many: older ones count less, those of a known offender more. */
  readonly seen?: number
  /** Present when bans were counted, not failed logins: those of other jails, or those of neighbours in this one. */
  readonly counts?: 'bans' | 'neighbours'
  /** Which ban of the address it is, where bans grow and it is not the first. */
  readonly offence?: number
  /** Since when they are counted: never longer than findtime before the last. */
  readonly first: EpochMs
  readonly last: EpochMs
  /** The settings that decided, so that the sentence "why" stays true after tuning. */
  readonly maxretry: number
  readonly findtime: number
  /** User names seen, at most 10, for display only: they are attacker text. */
  readonly users: readonly string[]
  /** The last contributing log lines, bounded in number and length. */
  readonly lines: readonly string[]
}

/** An address or subnet that is shut out for a jail's ports. There is at most one per jail and target on a node. */
export interface Ban {
  readonly jail: string
  /** Canonical address (`192.0.2.1`, `2001:db8::1`) or subnet (`192.0.2.0/24`). */
  readonly ip: string
  readonly at: EpochMs
  /** Null: without an end. */
  readonly until: EpochMs | null
  readonly origin: BanOrigin
  /** Present when detected. */
  readonly ticket?: Ticket
  /** Present when an operator made it: who, and why. Of a deny list: its name. */
  readonly by?: string
  readonly reason?: string
  /** Present when shared. */
  readonly from?: SharedFrom
}
