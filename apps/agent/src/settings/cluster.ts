import * as z from 'zod/mini'

/** More nodes than this no cluster has. */
const NODES_LIMIT = 256
const RINGS = 8

/** Where a node of the cluster is reached: an address or a host name, and which node it is. */
export interface Peer {
  readonly host: string
  readonly node: string
}

/** The cluster that the node is in; no name and no peers for a node that is in none, or is no Proxmox host. */
export interface Cluster {
  readonly name: string | null
  readonly peers: readonly Peer[]
}

const NO_CLUSTER: Cluster = { name: null, peers: [] }

/** What Proxmox's cluster file system says of the cluster, as far as it matters. */
const membersFile = z.object({
  cluster: z.optional(z.object({ name: z.string() })),
  nodelist: z.optional(z.record(z.string(), z.object({ ip: z.optional(z.string()) }))),
})

/** `.members` of pmxcfs → the cluster. What is not of that form is no cluster. */
export function parseMembers(text: string): Cluster {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return NO_CLUSTER
  }
  const checked = membersFile.safeParse(value)
  if (!checked.success) return NO_CLUSTER
  const peers = Object.entries(checked.data.nodelist ?? {})
    .slice(0, NODES_LIMIT)
    .flatMap(([node, { ip }]): readonly Peer[] => (ip === undefined ? [] : [{ host: ip, node }]))
  return { name: checked.data.cluster?.name.slice(0, 64) ?? null, peers }
}

/**
 * `corosync.conf` → where its nodes are reached on all their rings (`ring0_addr` to `ring7_addr`), by address or by host
 * name. Only what stands in `nodelist { node { … } }` counts.
 */
export function parseCorosync(text: string): readonly Peer[] {
  const peers: Peer[] = []
  const sections: string[] = []
  let hosts: string[] = []
  let name = ''
  for (const line of text.split('\n')) {
    const opened = /^\s*(\w+)\s*\{\s*$/.exec(line)?.[1]
    const isInNode = sections.join(' ') === 'nodelist node'
    if (opened !== undefined) {
      sections.push(opened)
      ;[hosts, name] = [[], '']
    } else if (/^\s*\}\s*$/.test(line)) {
      if (isInNode) for (const host of hosts) peers.push({ host, node: name })
      sections.pop()
    } else if (isInNode) {
      const [, option = '', value = ''] = /^\s*(\w+)\s*:\s*(\S+)\s*$/.exec(line) ?? []
      if (/^ring[0-7]_addr$/.test(option)) hosts.push(value)
      if (option === 'name') name = value.slice(0, 64)
    }
    if (peers.length >= NODES_LIMIT * RINGS) break
  }
  return peers
}
