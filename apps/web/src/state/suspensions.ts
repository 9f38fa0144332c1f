import type { NodeView } from '@warder/protocol/api'

/** Nodes that block nothing because someone wanted it so, until the same moment. */
export interface Suspension {
  readonly names: readonly string[]
  readonly until: number
  readonly by: string
  readonly reason: string | null
}

/** Ends that differ by less belong to one wish: each node counts from when it heard of it. */
const SAME_END_MS = 10_000

/** The suspensions that nodes report, those of one wish together. */
export function suspensions(nodes: readonly NodeView[]): readonly Suspension[] {
  const found: Suspension[] = []
  for (const { name, suspended } of nodes) {
    if (suspended === null) continue
    const { until, by, reason = null } = suspended
    const at = found.findIndex(
      (each) => each.by === by && each.reason === reason && Math.abs(each.until - until) < SAME_END_MS,
    )
    const same = found[at]
    if (same === undefined) found.push({ names: [name], until, by, reason })
    else found[at] = { ...same, names: [...same.names, name], until: Math.max(same.until, until) }
  }
  return found
}
