import type { FilterDefinition } from '../filter/definition.ts'
import type { JailPorts } from './ports.ts'
import type { JailSettings } from './settings.ts'

/** The jail of bans that an operator makes without naming a jail: no filter, all ports. */
export const MANUAL_JAIL = 'manual'

/** Whether a text can name a jail: it goes into events, names of firewall sets and paths of the API. */
export const isJailName = (text: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(text)

/** Where a jail reads: `auto` takes the journal where it can be read and the jail has a journalmatch, else its files. */
export type JailBackend = 'auto' | 'systemd' | 'file'

/** A jail as its configuration describes it, before a node's tuning. */
export interface JailDefinition {
  readonly name: string
  readonly filter: FilterDefinition
  readonly backend: JailBackend
  /** Globs of absolute paths. */
  readonly logpath: readonly string[]
  readonly ports: JailPorts
  /** Addresses and subnets that never count, as written by the operator (canonical form is made by the engine). */
  readonly ignoreip: readonly string[]
  /** Host names whose addresses never count: whoever runs the jail looks them up and adds them to ignoreip. */
  readonly ignorehosts?: readonly string[]
  /** How many of a ticket's last lines are kept as evidence. */
  readonly maxmatches: number
  readonly settings: JailSettings
}
