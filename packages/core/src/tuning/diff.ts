import type { JailSettings } from '../jail/settings.ts'
import { entryOf, type JailOverrides, type Tuning, type TuningLayer } from './revision.ts'

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

/** Every key that two tunings set otherwise: what holds for all first, then fleet, clusters and nodes by name. */
export function diffTunings(before: Tuning, after: Tuning): readonly TuningDifference[] {
  const [one, other] = [before.filterLocalNetworks ?? null, after.filterLocalNetworks ?? null]
  const named = (kind: 'cluster' | 'node') => {
    const [from, to] = kind === 'cluster' ? [before.clusters, after.clusters] : [before.nodes, after.nodes]
    return namesIn(from, to).flatMap((name) =>
      diffLayer({ kind, name }, entryOf(from, name) ?? {}, entryOf(to, name) ?? {}),
    )
  }
  return [
    ...(one === other ? [] : [{ kind: 'filterLocalNetworks', before: one, after: other } as const]),
    ...diffLayer({ kind: 'fleet' }, before.fleet, after.fleet),
    ...named('cluster'),
    ...named('node'),
  ]
}
