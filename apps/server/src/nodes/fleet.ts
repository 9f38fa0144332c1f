import { AppError, type Enforcement } from '@warder/protocol'
import type { NodeRow, NodeStore, ReportStore } from './store.ts'

export type FleetNodes = ReturnType<typeof makeFleetNodes>

/** Who belongs to the fleet, and which jails each node last reported. */
export function makeFleetNodes({ nodes, reports }: { nodes: NodeStore; reports: ReportStore }) {
  return {
    all: (): readonly NodeRow[] => nodes.all(),
    /** @throws AppError node.unknown */
    known(name: string): NodeRow {
      const node = nodes.find(name)
      if (!node) throw new AppError('node.unknown', `There is no node "${name}".`)
      return node
    },
    /** A node by name, also one that was removed: history keeps it. @throws AppError node.unknown */
    everKnown(name: string): NodeRow {
      const node = nodes.byName(name)
      if (!node) throw new AppError('node.unknown', `There was never a node "${name}".`)
      return node
    },
    hasJail: (nodeId: number, jail: string): boolean =>
      reports.status(nodeId)?.status.jails.some(({ name }) => name === jail) ?? false,
    /** What a node's firewall last said of the bans it holds; null where it is not in force, or did not say. */
    enforcementOf(name: string): Enforcement | null {
      const node = nodes.find(name)
      const status = node ? reports.status(node.id)?.status : undefined
      return status?.firewall.enforcing === true ? (status.enforcement ?? null) : null
    },
  }
}
