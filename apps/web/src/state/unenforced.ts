import type { NodeView } from '@warder/protocol/api'
import { stopped } from '../format/words.ts'
import { english, t } from '../language/t.ts'

/** Nodes that block nothing, for one reason. */
export interface Unenforced {
  /** What it is: `Dry run`. */
  readonly what: string
  readonly names: readonly string[]
  /** With its full stop. */
  readonly reason: string
}

const BACKENDS = {
  'dry-run': english('Dry run'),
  memory: english('Simulated firewall'),
  nftables: english('Firewall not in force'),
  ipset: english('Firewall not in force'),
} as const

/** The nodes whose firewall does not enforce though nobody wanted it so, those with the same reason together. */
export function unenforced(nodes: readonly NodeView[]): readonly Unenforced[] {
  const off = nodes.flatMap(({ name, firewall, suspended }) =>
    firewall !== null && !firewall.enforcing && suspended === null ? [{ name, firewall }] : [],
  )
  const groups = Map.groupBy(off, ({ firewall }) => `${firewall.backend}\n${firewall.reason}`)
  return Array.from(groups.values(), (group) => {
    const [first] = group
    if (first === undefined) return []
    const { backend, reason } = first.firewall
    return [{ what: t(BACKENDS[backend]), names: group.map(({ name }) => name), reason: stopped(reason) }]
  }).flat()
}
