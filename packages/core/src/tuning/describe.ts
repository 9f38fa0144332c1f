import type { JailSettings } from '../jail/settings.ts'
import { formatDuration } from '../time/duration.ts'
import { diffTunings, type SettingValue, type TuningDifference } from './diff.ts'
import type { Tuning, TuningLayer } from './revision.ts'

/** What a key says, in words: `inherited`, `yes`, `5`, `10 m`. */
export function describeValue(key: keyof JailSettings, value: SettingValue): string {
  if (value === null) return 'inherited'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  return key === 'maxretry' ? `${value}` : formatDuration(value)
}

/** A layer in words: `all nodes`, `cluster vault`, `node pve1`. */
export const describePlace = (layer: TuningLayer): string =>
  layer.kind === 'fleet' ? 'all nodes' : `${layer.kind} ${layer.name}`

const localWords = (value: boolean | null): string =>
  value === null ? 'as each node says' : value ? 'can be banned' : 'never banned'

const nodesWords = (nodes: readonly string[] | null): string =>
  nodes === null ? 'none' : nodes.length === 0 ? 'no nodes' : nodes.join(', ')

/** What becomes of groups, in words; null for other differences. */
export function describeGroups(each: TuningDifference): string | null {
  if (each.kind === 'groupOrder')
    return `order of groups: ${each.before.join(', ')} → ${each.after.join(', ')}`
  if (each.kind !== 'group') return null
  return `group ${each.name}: ${nodesWords(each.before)} → ${nodesWords(each.after)}`
}

type JailDifference = Extract<TuningDifference, { kind: 'jail' }>

const describeKey = ({ key, before, after }: JailDifference): string =>
  `${key} ${describeValue(key, before)} → ${describeValue(key, after)}`

/** What a new revision changes, in words: `sshd on all nodes: maxretry 5 → 3`; several are joined by `; `. */
export function describeChange(before: Tuning, after: Tuning): string {
  const differences = diffTunings(before, after)
  const local = differences.flatMap((each) =>
    each.kind === 'filterLocalNetworks'
      ? [`local networks on all nodes: ${localWords(each.before)} → ${localWords(each.after)}`]
      : [],
  )
  const groups = differences.flatMap((each) => describeGroups(each) ?? [])
  const ofJails = Map.groupBy(
    differences.filter((each) => each.kind === 'jail'),
    ({ layer, jail }) => `${jail} on ${describePlace(layer)}`,
  )
  const jails = [...ofJails].map(([place, changes]) => `${place}: ${changes.map(describeKey).join(', ')}`)
  const changes = [...local, ...groups, ...jails]
  return changes.length === 0 ? 'no change' : changes.join('; ')
}
