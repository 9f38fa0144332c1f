/**
 * What becomes of the bans that a jail makes on its node. `local`: they stay there. `cluster`: all nodes of the cluster
 * enforce them, and failures of one address on different nodes add up. `after N nodes`: all nodes enforce a ban once N
 * nodes of the cluster made one by themselves.
 */
export type SharingPolicy = 'local' | 'cluster' | 'after 1 node' | `after ${number} nodes`

/** The policy of a jail that names none. */
export const DEFAULT_POLICY: SharingPolicy = 'local'

/** Most nodes that a policy can wait for. */
export const POLICY_NODES_MOST = 100

/** The policy that waits for so many nodes, as it is written. */
export const afterNodes = (nodes: number): SharingPolicy =>
  nodes === 1 ? 'after 1 node' : `after ${nodes} nodes`

/** What an operator wrote → the policy as it is kept; null where it is none. */
export function parsePolicy(text: string): SharingPolicy | null {
  const plain = text.trim().toLowerCase()
  if (plain === 'local' || plain === 'cluster') return plain
  const found = /^after\s+(\d{1,3})\s+nodes?$/.exec(plain)
  const nodes = Number(found?.[1] ?? 0)
  return nodes >= 1 && nodes <= POLICY_NODES_MOST ? afterNodes(nodes) : null
}

/** How many nodes must have banned an address by themselves before all do; null: bans are never shared. */
export function nodesNeeded(policy: SharingPolicy): number | null {
  if (policy === 'local') return null
  if (policy === 'cluster') return 1
  return Number(/\d+/.exec(policy)?.[0] ?? 1)
}

/** Whether failures of one address on different nodes add up. */
export const addsUp = (policy: SharingPolicy): boolean => policy === 'cluster'
