import type { JailOverrides, Tuning, TuningGroup } from './revision.ts'

/** What a change of a group says; what it does not name stays. */
export interface GroupChange {
  readonly nodes?: readonly string[] | undefined
  readonly jails?: JailOverrides | undefined
  /** Where it stands among the groups: 0 is the weakest, a new one without a position is the strongest. */
  readonly position?: number | undefined
}

/** The groups of a tuning, the weakest first. */
export const groupsOf = (tuning: Tuning): readonly TuningGroup[] => tuning.groups ?? []

/** The groups that a node is in, the weakest first. */
export const groupsWith = (tuning: Tuning, node: string): readonly TuningGroup[] =>
  groupsOf(tuning).filter(({ nodes }) => nodes.includes(node))

/** A group by its name; null: there is none. */
export const groupNamed = (tuning: Tuning, name: string): TuningGroup | null =>
  groupsOf(tuning).find((group) => group.name === name) ?? null

/** The same tuning with other groups; without any it does not name them. */
export function withGroups(tuning: Tuning, groups: readonly TuningGroup[]): Tuning {
  const { groups: _, ...rest } = tuning
  return groups.length === 0 ? rest : { ...rest, groups }
}

/** The tuning with a group changed, or made where there is none of that name. The given tuning stays as it is. */
export function changeGroup(tuning: Tuning, name: string, change: GroupChange): Tuning {
  const all = groupsOf(tuning)
  const before = groupNamed(tuning, name) ?? { name, nodes: [], jails: {} }
  const at = all.findIndex((group) => group.name === name)
  const group = {
    name,
    nodes: [...new Set(change.nodes ?? before.nodes)].sort(),
    jails: change.jails ?? before.jails,
  }
  const others = all.filter((one) => one.name !== name)
  return withGroups(tuning, others.toSpliced(change.position ?? (at < 0 ? others.length : at), 0, group))
}

/** The tuning without a group, and so without what was set for it. */
export const removeGroup = (tuning: Tuning, name: string): Tuning =>
  withGroups(
    tuning,
    groupsOf(tuning).filter((group) => group.name !== name),
  )
