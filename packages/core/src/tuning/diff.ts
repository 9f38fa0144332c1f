import type { JailSettings } from '../jail/settings.ts'
import { groupNamed, groupsOf } from './groups.ts'
import { entryOf, type JailOverrides, type Tuning, type TuningGroup, type TuningLayer } from './revision.ts'

/** The keys of a jail that can be tuned, in the order in which they are told. */
export const SETTING_KEYS = [
  'enabled',
  'maxretry',
  'findtime',
  'bantime',
  'policy',
] as const satisfies readonly (keyof JailSettings)[]

/** What a key of a layer says; null: nothing, it is inherited. */
export type SettingValue = NonNullable<JailSettings[keyof JailSettings]> | null

/** One key that two tunings set otherwise. */
export type TuningDifference =
  | {
      readonly kind: 'jail'
      readonly layer: TuningLayer
      readonly jail: string
      readonly key: keyof JailSettings
      readonly before: SettingValue
      readonly after: SettingValue
    }
  | {
      readonly kind: 'group'
      readonly name: string
      /** Its nodes; null: there is no such group. */
      readonly before: readonly string[] | null
      readonly after: readonly string[] | null
    }
  /** Which groups are stronger: those that are in both, the weakest first. */
  | { readonly kind: 'groupOrder'; readonly before: readonly string[]; readonly after: readonly string[] }
  | {
      readonly kind: 'filterLocalNetworks'
      readonly before: boolean | null
      readonly after: boolean | null
    }

const namesIn = (...records: readonly object[]): readonly string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort()

function diffLayer(
  layer: TuningLayer,
  before: JailOverrides,
  after: JailOverrides,
): readonly TuningDifference[] {
  return namesIn(before, after).flatMap((jail) => {
    const [one, other] = [entryOf(before, jail) ?? {}, entryOf(after, jail) ?? {}]
    return SETTING_KEYS.filter((key) => one[key] !== other[key]).map((key): TuningDifference => ({
      kind: 'jail',
      layer,
      jail,
      key,
      before: one[key] ?? null,
      after: other[key] ?? null,
    }))
  })
}

/** Groups that are made, removed, of other nodes or in another order. */
function diffGroups(before: Tuning, after: Tuning): readonly TuningDifference[] {
  const [from, to] = [groupsOf(before), groupsOf(after)]
  const names = [...new Set([...from, ...to].map(({ name }) => name))].sort()
  const made = names.flatMap((name): readonly TuningDifference[] => {
    const [one, other] = [groupNamed(before, name)?.nodes ?? null, groupNamed(after, name)?.nodes ?? null]
    const isSame = one !== null && other !== null && one.join('\n') === other.join('\n')
    return isSame ? [] : [{ kind: 'group', name, before: one, after: other }]
  })
  const inBoth = (groups: readonly TuningGroup[]): readonly string[] =>
    groups
      .map(({ name }) => name)
      .filter((name) => groupNamed(before, name) !== null && groupNamed(after, name) !== null)
  const [one, other] = [inBoth(from), inBoth(to)]
  return one.join('\n') === other.join('\n')
    ? made
    : [...made, { kind: 'groupOrder', before: one, after: other }]
}

/** Every key that two tunings set otherwise: what holds for all first, then groups, fleet, clusters, what groups set, and nodes by name. */
export function diffTunings(before: Tuning, after: Tuning): readonly TuningDifference[] {
  const [one, other] = [before.filterLocalNetworks ?? null, after.filterLocalNetworks ?? null]
  const named = (kind: 'cluster' | 'node') => {
    const [from, to] = kind === 'cluster' ? [before.clusters, after.clusters] : [before.nodes, after.nodes]
    return namesIn(from, to).flatMap((name) =>
      diffLayer({ kind, name }, entryOf(from, name) ?? {}, entryOf(to, name) ?? {}),
    )
  }
  const names = [...groupsOf(before), ...groupsOf(after)].map(({ name }) => name)
  const groups = [...new Set(names)].sort().flatMap((name) => {
    const [from, to] = [groupNamed(before, name)?.jails ?? {}, groupNamed(after, name)?.jails ?? {}]
    return diffLayer({ kind: 'group', name }, from, to)
  })
  return [
    ...(one === other ? [] : [{ kind: 'filterLocalNetworks', before: one, after: other } as const]),
    ...diffGroups(before, after),
    ...diffLayer({ kind: 'fleet' }, before.fleet, after.fleet),
    ...named('cluster'),
    ...groups,
    ...named('node'),
  ]
}
