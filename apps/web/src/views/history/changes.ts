import type { TuningDifferenceView } from '@warder/protocol/api'
import { formatSpan } from '../../format/duration.ts'
import { english, t } from '../../language/t.ts'

/** A line of a difference: where, what, and the value before and after. */
export interface ChangeLine {
  readonly place: string
  readonly key: string
  readonly before: string
  readonly after: string
}

const LOCAL = {
  true: english('can be banned'),
  false: english('never banned'),
  null: english('as each node says'),
} as const

/** A difference as it is shown. */
export function lineOf(change: TuningDifferenceView): ChangeLine {
  if (change.kind === 'filterLocalNetworks')
    return {
      place: t('all nodes'),
      key: t('local networks'),
      before: t(LOCAL[`${change.before}`]),
      after: t(LOCAL[`${change.after}`]),
    }
  if (change.kind === 'group' || change.kind === 'groupOrder') {
    const words = (names: readonly string[] | null): string =>
      names === null ? t('none') : names.length === 0 ? t('no nodes') : names.join(', ')
    return {
      place: change.kind === 'group' ? t('group {name}', { name: change.name }) : t('groups'),
      key: change.kind === 'group' ? t('nodes') : t('order|of groups'),
      before: words(change.before),
      after: words(change.after),
    }
  }
  const { layer, jail, key } = change
  return {
    place: placeOf(jail, layer),
    key,
    before: valueWords(key, change.before),
    after: valueWords(key, change.after),
  }
}

type OfJail = Extract<TuningDifferenceView, { layer: unknown }>

function placeOf(jail: string, layer: OfJail['layer']): string {
  switch (layer.kind) {
    case 'fleet':
      return t('{jail} on all nodes', { jail })
    case 'cluster':
      return t('{jail} on the nodes of cluster {name}', { jail, name: layer.name })
    case 'group':
      return t('{jail} on the nodes of group {name}', { jail, name: layer.name })
    case 'node':
      return t('{jail} on {node}', { jail, node: layer.name })
  }
}

function valueWords(key: OfJail['key'], value: OfJail['before']): string {
  if (value === null) return t('inherited')
  if (typeof value === 'boolean') return value ? t('yes') : t('no')
  if (typeof value === 'string') return value
  return key === 'maxretry' ? String(value) : formatSpan(value)
}
