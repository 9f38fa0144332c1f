import { describePlace, describeValue } from '@warder/core'
import type { TuningDifferenceView } from '@warder/protocol/api'
import { t } from '../../language/t.ts'

/** A line of a difference: where, what, and the value before and after. */
export interface ChangeLine {
  readonly place: string
  readonly key: string
  readonly before: string
  readonly after: string
}

const LOCAL = { true: t('can be banned'), false: t('never banned'), null: t('as each node says') } as const

/** A difference as it is shown. */
export function lineOf(change: TuningDifferenceView): ChangeLine {
  if (change.kind === 'filterLocalNetworks')
    return {
      place: t('all nodes'),
      key: 'local networks',
      before: LOCAL[`${change.before}`],
      after: LOCAL[`${change.after}`],
    }
  if (change.kind === 'group' || change.kind === 'groupOrder') {
    const words = (names: readonly string[] | null): string =>
      names === null ? t('none') : names.length === 0 ? t('no nodes') : names.join(', ')
    return {
      place: change.kind === 'group' ? `group ${change.name}` : 'groups',
      key: change.kind === 'group' ? 'nodes' : 'order',
      before: words(change.before),
      after: words(change.after),
    }
  }
  const { layer, jail, key } = change
  // The schema allows any text; what comes is what the core wrote.
  const shown = (value: typeof change.before): string =>
    describeValue(key, value as Parameters<typeof describeValue>[1])
  return {
    place: t('{jail} on {describePlace}', { jail, describePlace: describePlace(layer) }),
    key,
    before: shown(change.before),
    after: shown(change.after),
  }
}
