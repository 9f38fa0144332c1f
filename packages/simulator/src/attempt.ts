import type { EpochMs } from '@warder/core'

/** A service that people and attackers log in to. */
export type ServiceName = 'sshd' | 'proxmox' | 'warder'

/** How an attempt ends: let in, known name with a wrong password, a name that does not exist, or gone without trying. */
export type Outcome = 'accepted' | 'wrong-password' | 'unknown-user' | 'left'

/** Somebody tries to log in to a service of a node. */
export interface Attempt {
  readonly at: EpochMs
  /** The node's name. */
  readonly node: string
  readonly service: ServiceName
  readonly ip: string
  /** As typed: `root`, or `root@pam` for Proxmox. */
  readonly user: string
  readonly outcome: Outcome
  /** The client's port and the process that serves it, as they appear in lines. */
  readonly port: number
  readonly pid: number
}

/** A line in a node's journal or in a file, with who caused it at which service, so that a firewall can be imitated. */
export interface WorldLine {
  readonly at: EpochMs
  readonly node: string
  /** The address of who caused it; null: nobody from outside. */
  readonly from: string | null
  readonly service: ServiceName | null
  /** The file it is written to; null: the journal. */
  readonly file: string | null
  readonly identifier: string
  readonly pid: number
  readonly uid: number
  readonly comm: string
  readonly unit: string
  /** syslog's levels: 3 error, 4 warning, 5 notice, 6 information. */
  readonly priority: number
  readonly message: string
}
