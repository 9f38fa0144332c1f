import { DEFAULT_POLICY, type JailSettings } from '@warder/core'
import type { JailView } from '@warder/protocol/api'
import { t } from '../language/t.ts'

export type Setting = 'maxretry' | 'findtime' | 'bantime'
/** What the editor can be opened for. */
export type Editable = Setting | 'policy'
export const SETTINGS: readonly Setting[] = ['maxretry', 'findtime', 'bantime']

/** What holds for all nodes: one value, and whether it was set for all nodes or is what every node's files say. */
export type FleetValue<T> =
  | { readonly kind: 'set' | 'same'; readonly value: T }
  | { readonly kind: 'varies'; readonly values: readonly T[] }

/** Settings with every key filled in: a jail that names no policy keeps its bans to its node. */
export type FullSettings = Required<JailSettings>

/** A jail's value, also of a key that it does not name. */
export const valueOf = <K extends keyof JailSettings>(settings: JailSettings, key: K): FullSettings[K] => {
  const full: FullSettings = { policy: DEFAULT_POLICY, ...settings }
  return full[key]
}

/** One jail over all nodes. */
export interface MatrixRow {
  readonly jail: string
  readonly filter: string
  /** By node name; a node without the jail has no cell. */
  readonly cells: ReadonlyMap<string, JailView>
  readonly fleet: { readonly [K in keyof FullSettings]: FleetValue<FullSettings[K]> }
  /** Whether it runs, or should run, anywhere. */
  readonly inUse: boolean
}

/** The jails of all nodes as rows of a matrix, in order of name; those in use come first. */
export function matrixOf(jails: readonly JailView[]): readonly MatrixRow[] {
  const rows = Array.from(
    Map.groupBy(jails, (jail) => jail.jail),
    ([jail, views]) => rowOf(jail, views),
  )
  return rows.toSorted((a, b) => Number(b.inUse) - Number(a.inUse) || a.jail.localeCompare(b.jail, 'en'))
}

function rowOf(jail: string, views: readonly JailView[]): MatrixRow {
  return {
    jail,
    filter: views[0]?.filter ?? '',
    cells: new Map(views.map((view) => [view.node, view])),
    fleet: {
      enabled: fleetValue(views, 'enabled'),
      maxretry: fleetValue(views, 'maxretry'),
      findtime: fleetValue(views, 'findtime'),
      bantime: fleetValue(views, 'bantime'),
      policy: fleetValue(views, 'policy'),
    },
    inUse: views.some((view) => view.wanted.enabled || ['running', 'failed', 'paused'].includes(view.state)),
  }
}

/** What holds for all nodes of a jail's setting. A value that a node sets for itself does not count against the rest. */
export function fleetValue<K extends keyof JailSettings>(
  views: readonly JailView[],
  key: K,
): FleetValue<FullSettings[K]> {
  const set = views.find((view) => view.layers[key] === 'fleet')
  if (set !== undefined) return { kind: 'set', value: valueOf(set.wanted, key) }
  const files = [...new Set(views.map((view) => valueOf(view.configured, key)))]
  const [value] = files
  return files.length === 1 && value !== undefined
    ? { kind: 'same', value }
    : { kind: 'varies', values: files }
}

/** Whether a node's value is another than what holds for all nodes. */
export function differs(row: MatrixRow, cell: JailView, key: keyof JailSettings): boolean {
  const fleet = row.fleet[key]
  return fleet.kind === 'varies' || fleet.value !== valueOf(cell.wanted, key)
}

/** Where a node's value comes from, in words. */
export function layerWords(cell: JailView, key: keyof JailSettings): string {
  switch (cell.layers[key]) {
    case 'configured':
      return t("from {node}'s own files", { node: cell.node })
    case 'fleet':
      return t('set for all nodes')
    case 'cluster':
      return t('set for its cluster')
    case 'group':
      return t('set for a group of nodes')
    case 'node':
      return t('set for {node} only', { node: cell.node })
  }
}
