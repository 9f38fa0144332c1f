/** Why an address is never banned. */
export type NeverReason =
  | 'loopback'
  | 'own-address'
  /** Another node of the cluster, on any of its rings. */
  | 'cluster-member'
  | 'gateway'
  | 'server'
  | 'proxy'
  /** In a network that the node is attached to. */
  | 'local-network'
  /** What agents said before they knew which networks a node is attached to. */
  | 'private-network'
  /** An allow list names it, or it was allowed for a while. */
  | 'allowlist'
  /** An operator is at the dashboard from there. */
  | 'operator'
  | 'ignoreip'

/** The reasons in words: what stands behind "because". */
export const NEVER_WORDS: Readonly<Record<NeverReason, string>> = {
  loopback: 'it is loopback',
  'own-address': 'it is an address of this node',
  'cluster-member': 'it is a node of the cluster',
  gateway: 'it is the gateway of this node',
  server: 'it is the server of Warder',
  proxy: 'it is one of the proxies',
  'local-network': 'it is in a network that this node is attached to',
  'private-network': 'it is in a private network',
  allowlist: 'an allow list names it, or it was allowed for a while',
  operator: 'an operator is at the dashboard from there',
  ignoreip: 'ignoreip names it',
}

/** Addresses and subnets that nobody may ban, for one reason. */
export interface NeverGroup {
  readonly reason: NeverReason
  /** In any spelling; text that is neither is left out. */
  readonly targets: readonly string[]
}

/** Whom no path may ban. Of an address in several groups the first one's reason is told. Loopback is always among them. */
export interface NeverBan {
  readonly groups: readonly NeverGroup[]
}

/** Nobody but loopback. */
export const NEVER_NOBODY: NeverBan = { groups: [] }
