import type { SshdSetting } from './sshd-conf.ts'
import type { ConfFile } from './journald-conf.ts'

/** A part of the system that was looked at, or why it could not be. */
export type Part<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string }

export interface JournaldSeen {
  /** Main file and drop-ins, in the order in which they count. */
  readonly files: readonly ConfFile[]
  /** Whether /var/log/journal is there. */
  readonly hasStore: boolean
  readonly hasRsyslog: boolean
}

export interface SshdSeen {
  /** All settings, includes followed, in the order in which sshd reads them. */
  readonly settings: readonly SshdSetting[]
  /** Whether the configuration before any setting includes the folder of drop-ins. */
  readonly dropInWins: boolean
  readonly main: string
}

export interface AptSeen {
  readonly sources: readonly { readonly path: string; readonly text: string }[]
  readonly id: string
  readonly codename: string
}

export interface ClockSeen {
  readonly synchronized: boolean
  readonly service: boolean
}

/** Null where this is no Proxmox node. */
export type PveSeen = { readonly cluster: string; readonly host: string } | null

/** All that findings are decided from. */
export interface Seen {
  readonly journald: Part<JournaldSeen>
  /** Null: there is no sshd here. */
  readonly sshd: Part<SshdSeen | null>
  readonly apt: Part<AptSeen>
  readonly clock: Part<ClockSeen>
  readonly pve: Part<PveSeen>
  /** Whether fail2ban runs. */
  readonly fail2ban: Part<boolean>
}
