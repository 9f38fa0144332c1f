import {
  effectiveSettings,
  replaceLayer,
  SETTING_KEYS,
  tidyTuning,
  type JailSettings,
  type Tuning,
  type TuningLayer,
} from '@warder/core'
import type { DiffView, TuningDocument } from '@warder/protocol/api'
import type { NodeRow } from '../nodes/store.ts'

/** A jail of a node as its own files say. */
export interface Configured {
  readonly node: NodeRow
  readonly jail: string
  readonly configured: JailSettings
}

/** A document that was checked → a tuning without empty entries. */
export const tuningOf = ({ filterLocalNetworks, groups, ...layers }: TuningDocument): Tuning =>
  tidyTuning({
    ...layers,
    ...(groups === undefined ? {} : { groups }),
    ...(filterLocalNetworks === undefined ? {} : { filterLocalNetworks }),
  })

/** A tuning as it is answered. */
export const documentOf = (tuning: Tuning): TuningDocument => structuredClone(tuning) as TuningDocument

/** A change that puts a layer in the place of what it said. */
export const layerEdit =
  (layer: TuningLayer, jails: TuningDocument['fleet']) =>
  (tuning: Tuning): Tuning =>
    replaceLayer(tuning, layer, jails)

/** What would run otherwise on each node. */
export function effectsOf(before: Tuning, after: Tuning, jails: readonly Configured[]): DiffView['nodes'] {
  return jails.flatMap(({ node, jail, configured }) => {
    const where = { node: node.name, cluster: node.cluster }
    const one = effectiveSettings(configured, before, where, jail).settings
    const other = effectiveSettings(configured, after, where, jail).settings
    const isSame = SETTING_KEYS.every((key) => one[key] === other[key])
    return isSame ? [] : [{ node: node.name, jail, before: one, after: other }]
  })
}
