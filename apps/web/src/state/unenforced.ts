import type { NodeView } from '@warder/protocol/api'
import { formatNames } from '../format/count.ts'

/** Nodes that block nothing, for one reason. */
export interface Unenforced {
  /** `Dry run on pve1 and pve2`. */
  readonly title: string
  readonly reason: string
}

const BACKENDS = {
  'dry-run': 'Dry run',
  memory: 'Simulated firewall',
  nftables: 'Firewall not in force',
} as const

/** The nodes whose firewall does not enforce, those with the same reason together, in words. */
export function unenforced(nodes: readonly NodeView[]): readonly Unenforced[] {
  const off = nodes.flatMap(({ name, firewall }) =>
    firewall !== null && !firewall.enforcing ? [{ name, firewall }] : [],
  )
  const groups = Map.groupBy(off, ({ firewall }) => `${firewall.backend}\n${firewall.reason}`)
  return Array.from(groups.values(), (group) => {
    const [first] = group
    if (first === undefined) return []
    const names = formatNames(group.map(({ name }) => name))
    const { backend, reason } = first.firewall
    return [
      { title: `${BACKENDS[backend]} on ${names}`, reason: /[.!?]$/.test(reason) ? reason : `${reason}.` },
    ]
  }).flat()
}
