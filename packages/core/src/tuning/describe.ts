import type { JailSettings, SettingsOverride } from '../jail/settings.ts'
import { formatDuration } from '../time/duration.ts'
import { entryOf, type JailOverrides, type Tuning } from './revision.ts'

const KEYS = [
  'enabled',
  'maxretry',
  'findtime',
  'bantime',
  'policy',
] as const satisfies readonly (keyof JailSettings)[]

function shown(override: SettingsOverride, key: keyof JailSettings): string {
  const value = override[key]
  if (value === undefined) return 'inherited'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  return key === 'maxretry' ? `${value}` : formatDuration(value)
}

function describeJail(before: SettingsOverride, after: SettingsOverride): string {
  const changes = KEYS.filter((key) => before[key] !== after[key])
  return changes.map((key) => `${key} ${shown(before, key)} → ${shown(after, key)}`).join(', ')
}

const namesIn = (...records: readonly object[]): readonly string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort()

function describeLayer(before: JailOverrides, after: JailOverrides, place: string): readonly string[] {
  return namesIn(before, after).flatMap((jail) => {
    const changes = describeJail(entryOf(before, jail) ?? {}, entryOf(after, jail) ?? {})
    return changes === '' ? [] : [`${jail} on ${place}: ${changes}`]
  })
}

function describeLayers(
  before: Readonly<Record<string, JailOverrides>>,
  after: Readonly<Record<string, JailOverrides>>,
  kind: string,
): readonly string[] {
  return namesIn(before, after).flatMap((name) =>
    describeLayer(entryOf(before, name) ?? {}, entryOf(after, name) ?? {}, `${kind} ${name}`),
  )
}

const localWords = ({ filterLocalNetworks }: Tuning): string =>
  filterLocalNetworks === undefined
    ? 'as each node says'
    : filterLocalNetworks
      ? 'can be banned'
      : 'never banned'

function describeFleet(before: Tuning, after: Tuning): readonly string[] {
  if (before.filterLocalNetworks === after.filterLocalNetworks) return []
  return [`local networks on all nodes: ${localWords(before)} → ${localWords(after)}`]
}

/** What a new revision changes, in words: `sshd on all nodes: maxretry 5 → 3`; several are joined by `; `. */
export function describeChange(before: Tuning, after: Tuning): string {
  const changes = [
    ...describeFleet(before, after),
    ...describeLayer(before.fleet, after.fleet, 'all nodes'),
    ...describeLayers(before.clusters, after.clusters, 'cluster'),
    ...describeLayers(before.nodes, after.nodes, 'node'),
  ]
  return changes.length === 0 ? 'no change' : changes.join('; ')
}
