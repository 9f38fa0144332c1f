import type { SettingsOverride } from '../jail/settings.ts'

/** Overrides of jails by name. */
export type JailOverrides = Readonly<Record<string, SettingsOverride>>

/** One numbered whole of the fleet's tuning. Later layers win: fleet, then cluster, then node. */
export interface Tuning {
  readonly fleet: JailOverrides
  readonly clusters: Readonly<Record<string, JailOverrides>>
  readonly nodes: Readonly<Record<string, JailOverrides>>
}
