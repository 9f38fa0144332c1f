import type { JailSettings, SettingsOverride } from '../jail/settings.ts'
import { groupsWith } from './groups.ts'
import { entryOf, type JailOverrides, type Tuning, type Whereabouts } from './revision.ts'

/** Which layer a value comes from. */
export type SettingsLayer = 'configured' | 'fleet' | 'cluster' | 'group' | 'node'

/** The settings that a jail should run with, and where each of them comes from. */
export interface EffectiveSettings {
  readonly settings: JailSettings
  readonly layers: Readonly<Record<keyof JailSettings, SettingsLayer>>
}

const NOTHING: JailOverrides = {}

/** The layers that concern a node, the strongest last. */
function layersOf(tuning: Tuning, where: Whereabouts): readonly (readonly [SettingsLayer, JailOverrides])[] {
  const cluster = where.cluster === null ? undefined : entryOf(tuning.clusters, where.cluster)
  return [
    ['fleet', tuning.fleet],
    ['cluster', cluster ?? NOTHING],
    ...groupsWith(tuning, where.node).map(({ jails }) => ['group', jails] as const),
    ['node', entryOf(tuning.nodes, where.node) ?? NOTHING],
  ]
}

/** What a node's jail should run: its own configuration, overlaid by fleet, cluster, groups and node, key by key. */
export function effectiveSettings(
  configured: JailSettings,
  tuning: Tuning,
  where: Whereabouts,
  jail: string,
): EffectiveSettings {
  let settings = configured
  let layers: EffectiveSettings['layers'] = {
    enabled: 'configured',
    maxretry: 'configured',
    findtime: 'configured',
    bantime: 'configured',
    policy: 'configured',
  }
  for (const [layer, overrides] of layersOf(tuning, where)) {
    const override = entryOf(overrides, jail)
    if (override === undefined) continue
    settings = { ...settings, ...override }
    layers = { ...layers, ...Object.fromEntries(Object.keys(override).map((key) => [key, layer])) }
  }
  return { settings, layers }
}

/** What travels to a node: for each jail that any layer names, the overrides of all layers merged. */
export function overridesFor(tuning: Tuning, where: Whereabouts): JailOverrides {
  const merged = new Map<string, SettingsOverride>()
  for (const [, overrides] of layersOf(tuning, where)) {
    for (const [jail, override] of Object.entries(overrides)) {
      merged.set(jail, { ...merged.get(jail), ...override })
    }
  }
  return Object.fromEntries(merged)
}
