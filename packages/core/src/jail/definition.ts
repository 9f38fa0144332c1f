import type { GrowthDefinition } from '../ban/growth.ts'
import type { FilterDefinition } from '../filter/definition.ts'
import type { IgnoreCacheDefinition, IgnoreCommand } from './ignore-command.ts'
import type { BlockType, JailPorts } from './ports.ts'
import type { JailSettings } from './settings.ts'

/** The jail of bans that an operator makes without naming a jail: no filter, all ports. */
export const MANUAL_JAIL = 'manual'

/** The jail of shared bans whose own jail does not run on the node: no filter, all ports. */
export const SHARED_JAIL = 'shared'

/** The jail of what deny lists name: no filter, all ports. Nobody bans in it or lifts from it but the lists. */
export const BLOCKLIST_JAIL = 'blocklist'

/** Jails that every node has without a configuration, and whose bans they hold. */
export const BUILT_IN_JAILS: Readonly<Record<string, string>> = {
  [MANUAL_JAIL]: 'made by hand',
  [SHARED_JAIL]: 'that other nodes of the cluster made',
  [BLOCKLIST_JAIL]: 'of deny lists',
}

/** Whether a jail is one of those. */
export const isBuiltInJail = (name: string): boolean => Object.hasOwn(BUILT_IN_JAILS, name)

/** Whether a text can name a jail: it goes into events, names of firewall sets and paths of the API. */
export const isJailName = (text: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(text)

/**
 * Where a jail reads: `auto` takes the journal where it can be read and the jail has a journalmatch, else its files.
 * `bans` reads nothing: it counts the bans that other jails of the node make, and needs no filter.
 */
export type JailBackend = 'auto' | 'systemd' | 'file' | 'bans'

/** A jail as its configuration describes it, before a node's tuning. Plain values only: it is kept as JSON. */
export interface JailDefinition {
  readonly name: string
  readonly filter: FilterDefinition
  readonly backend: JailBackend
  /** Globs of absolute paths. */
  readonly logpath: readonly string[]
  readonly ports: JailPorts
  /** What becomes of a banned address's packets; the firewall's default, `drop`, where absent. */
  readonly blocktype?: BlockType
  /** Addresses and subnets that never count, as written by the operator (canonical form is made by the engine). */
  readonly ignoreip: readonly string[]
  /** Host names whose addresses never count: whoever runs the jail looks them up and adds them to ignoreip. */
  readonly ignorehosts?: readonly string[]
  /** Files with more of both, one word each: whoever runs the jail reads them. */
  readonly ignorefiles?: readonly string[]
  /** Asked for each failure that would count. */
  readonly ignorecommand?: IgnoreCommand
  readonly ignorecache?: IgnoreCacheDefinition
  /** What becomes of a host name in the place of an address: its addresses count (as where it is absent), or nothing. */
  readonly usedns?: 'yes' | 'no'
  /** IPv6 addresses with so many bits in common count and are banned as one; absent: each by itself. */
  readonly ipv6prefix?: number
  /** So many addresses of one neighbourhood banned within findtime ban all of it; absent: none does. */
  readonly aggregate?: number
  /** How many of a ticket's last lines are kept as evidence. */
  readonly maxmatches: number
  /** How bans of the same address grow; absent: they do not. */
  readonly growth?: GrowthDefinition
  /** How logins that went well are told apart; absent: nobody looks for them. */
  readonly success?: SuccessDefinition
  readonly settings: JailSettings
}

/** What a login that went well looks like, and where it is written. */
export interface SuccessDefinition {
  /** A filter whose failregex find successes. */
  readonly filter: FilterDefinition
  /** Globs of absolute paths; absent: where the jail reads its failures. */
  readonly logpath?: readonly string[]
}
