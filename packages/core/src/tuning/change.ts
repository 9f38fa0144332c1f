import type { JailSettings, SettingsOverride } from '../jail/settings.ts'
import { changeGroup, groupNamed, groupsOf, withGroups } from './groups.ts'
import { entryOf, type JailOverrides, type Tuning, type TuningLayer } from './revision.ts'

/** A change of what holds for all nodes and jails; `null` takes a key back to what each node's own file says. */
export interface FleetChange {
  readonly filterLocalNetworks?: boolean | null | undefined
}

/** A change of one jail on one layer: named keys are set, `null` takes a key back to what it inherits. */
export type SettingsChange = { readonly [K in keyof JailSettings]?: JailSettings[K] | null | undefined }

const without = <T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))

const pick = <T>(before: T | undefined, change: T | null | undefined): T | undefined =>
  change === undefined ? before : (change ?? undefined)

/** The override after a change; the keys that were taken back are absent. */
function changeOverride(before: SettingsOverride, change: SettingsChange): SettingsOverride {
  const enabled = pick(before.enabled, change.enabled)
  const maxretry = pick(before.maxretry, change.maxretry)
  const findtime = pick(before.findtime, change.findtime)
  const bantime = pick(before.bantime, change.bantime)
  const policy = pick(before.policy, change.policy)
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(maxretry === undefined ? {} : { maxretry }),
    ...(findtime === undefined ? {} : { findtime }),
    ...(bantime === undefined ? {} : { bantime }),
    ...(policy === undefined ? {} : { policy }),
  }
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0

/** Sets an entry, or takes it out when it says nothing: a tuning holds no empty entries. */
const withEntry = <T extends object>(
  record: Readonly<Record<string, T>>,
  name: string,
  entry: T,
): Record<string, T> =>
  isEmpty(entry)
    ? without(record, name)
    : Object.fromEntries([...Object.entries(without(record, name)), [name, entry]])

const changeJail = (overrides: JailOverrides, jail: string, change: SettingsChange): JailOverrides =>
  withEntry(overrides, jail, changeOverride(entryOf(overrides, jail) ?? {}, change))

/** The tuning after a change of one jail on one layer. The given tuning stays as it is. */
export function changeTuning(
  tuning: Tuning,
  layer: TuningLayer,
  jail: string,
  change: SettingsChange,
): Tuning {
  if (layer.kind === 'fleet') return { ...tuning, fleet: changeJail(tuning.fleet, jail, change) }
  if (layer.kind === 'group')
    return changeGroup(tuning, layer.name, { jails: changeJail(layerOf(tuning, layer), jail, change) })
  const key = layer.kind === 'cluster' ? 'clusters' : 'nodes'
  const before = entryOf(tuning[key], layer.name) ?? {}
  return { ...tuning, [key]: withEntry(tuning[key], layer.name, changeJail(before, jail, change)) }
}

/** The tuning after a change of what holds for all. The given tuning stays as it is. */
export function changeFleet(tuning: Tuning, change: FleetChange): Tuning {
  const { filterLocalNetworks: before, ...rest } = tuning
  const after = pick(before, change.filterLocalNetworks)
  return after === undefined ? rest : { ...rest, filterLocalNetworks: after }
}

/** What a layer says of each jail; nothing where the tuning does not name it. */
export function layerOf(tuning: Tuning, layer: TuningLayer): JailOverrides {
  if (layer.kind === 'fleet') return tuning.fleet
  if (layer.kind === 'group') return groupNamed(tuning, layer.name)?.jails ?? {}
  return entryOf(layer.kind === 'cluster' ? tuning.clusters : tuning.nodes, layer.name) ?? {}
}

const withoutEmpty = <T extends object>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([, entry]) => !isEmpty(entry)))

/** The tuning with one layer as a whole in the place of what it said. The given tuning stays as it is. */
export function replaceLayer(tuning: Tuning, layer: TuningLayer, jails: JailOverrides): Tuning {
  const said = withoutEmpty(jails)
  if (layer.kind === 'fleet') return { ...tuning, fleet: said }
  if (layer.kind === 'group') return changeGroup(tuning, layer.name, { jails: said })
  const key = layer.kind === 'cluster' ? 'clusters' : 'nodes'
  return { ...tuning, [key]: withEntry(tuning[key], layer.name, said) }
}

/** A tuning without entries that say nothing: two that mean the same are written the same. */
export const tidyTuning = (tuning: Tuning): Tuning =>
  withGroups(
    {
      ...tuning,
      fleet: withoutEmpty(tuning.fleet),
      clusters: withoutEmpty(mapValues(tuning.clusters, withoutEmpty)),
      nodes: withoutEmpty(mapValues(tuning.nodes, withoutEmpty)),
    },
    groupsOf(tuning).map(({ name, nodes, jails }) => ({
      name,
      nodes: [...new Set(nodes)].sort(),
      jails: withoutEmpty(jails),
    })),
  )

const mapValues = <T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
