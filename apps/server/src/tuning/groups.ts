import { groupNamed, groupsOf, type Tuning, type TuningLayer } from '@warder/core'
import { AppError } from '@warder/protocol'
import type { GroupView } from '@warder/protocol/api'
import type { NodeRow } from '../nodes/store.ts'
import { documentOf } from './propose.ts'

/** A layer of nodes under a name, and the nodes of the fleet that it holds for. */
export interface NamedGroup {
  readonly layer: TuningLayer
  readonly nodes: readonly NodeRow[]
}

const inCluster = (nodes: readonly NodeRow[], cluster: string): readonly NodeRow[] =>
  nodes.filter((node) => node.cluster === cluster)

/** A group by its name: one that an operator made, else a cluster, which its nodes are a group of anyway. @throws AppError group.unknown */
export function groupOf(tuning: Tuning, nodes: readonly NodeRow[], name: string): NamedGroup {
  const group = groupNamed(tuning, name)
  if (group !== null)
    return { layer: { kind: 'group', name }, nodes: nodes.filter((node) => group.nodes.includes(node.name)) }
  const members = inCluster(nodes, name)
  if (members.length > 0 || Object.hasOwn(tuning.clusters, name))
    return { layer: { kind: 'cluster', name }, nodes: members }
  throw new AppError('group.unknown', `There is no group or cluster "${name}".`)
}

/** All groups in the order of their strength, the weakest first: clusters by name, then those that were made. */
export function groupViews(tuning: Tuning, nodes: readonly NodeRow[]): GroupView[] {
  const document = documentOf(tuning)
  const clusters = [
    ...new Set([...nodes.flatMap(({ cluster }) => cluster ?? []), ...Object.keys(document.clusters)]),
  ].toSorted()
  return [
    ...clusters.map((name): GroupView => ({
      name,
      kind: 'cluster',
      nodes: inCluster(nodes, name).map((node) => node.name),
      jails: Object.hasOwn(document.clusters, name) ? (document.clusters[name] ?? {}) : {},
    })),
    ...(document.groups ?? []).map((group): GroupView => ({ ...group, kind: 'group' })),
  ]
}

/** Whether a name is free for a group. @throws AppError group.taken */
export function refuseTaken(tuning: Tuning, nodes: readonly NodeRow[], name: string): void {
  if (groupsOf(tuning).some((group) => group.name === name)) return
  const isCluster = inCluster(nodes, name).length > 0 || Object.hasOwn(tuning.clusters, name)
  if (isCluster) throw new AppError('group.taken', `"${name}" is the name of a cluster.`)
}
