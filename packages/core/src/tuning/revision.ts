import type { SettingsOverride } from '../jail/settings.ts'

/** Overrides of jails by name. */
export type JailOverrides = Readonly<Record<string, SettingsOverride>>

/** Nodes that an operator put together under a name, and what is set for them. */
export interface TuningGroup {
  readonly name: string
  readonly nodes: readonly string[]
  readonly jails: JailOverrides
}

/** One numbered whole of the fleet's tuning. Later layers win: fleet, then cluster, then groups in their order, then node. */
export interface Tuning {
  readonly fleet: JailOverrides
  readonly clusters: Readonly<Record<string, JailOverrides>>
  readonly nodes: Readonly<Record<string, JailOverrides>>
  /** Groups that operators made, the weakest first; absent: there are none. A cluster is the group that its nodes have anyway. */
  readonly groups?: readonly TuningGroup[]
  /** Whether networks that nodes are attached to are filtered on all of them; absent: as each node's own file says. */
  readonly filterLocalNetworks?: boolean
}

/** No layer says anything: every node runs what its own files say. */
export const EMPTY_TUNING: Tuning = { fleet: {}, clusters: {}, nodes: {} }

/** One layer of the tuning. */
export type TuningLayer =
  | { readonly kind: 'fleet' }
  | { readonly kind: 'cluster'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }

/** Where a node stands, which decides the layers that concern it. */
export interface Whereabouts {
  readonly node: string
  /** Null: in no cluster. */
  readonly cluster: string | null
}

/** An entry of a record by a name from outside: never one that every object inherits, such as `constructor`. */
export const entryOf = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
