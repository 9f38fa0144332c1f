import { n, t } from '../language/t.ts'

/** One step of a timeline: what all nodes saw, and each of them. */
export interface ChartSlot {
  readonly at: number
  readonly failures: number
  readonly bans: number
  readonly byNode: ReadonlyMap<string, { readonly failures: number; readonly bans: number }>
}

/** A line of the legend, which is also the read-out. */
export interface Series {
  readonly name: string
  /** A colour token, like `--node-0`. */
  readonly colour: string
  readonly failures: readonly number[]
  readonly bans: readonly number[]
}

/** How many nodes get a colour of their own; the others are one series. */
const COLOURS = 7

/** Slots → the series of the chart: all nodes as one, or each node. Nodes keep their colour by their order in `nodes`. */
export function seriesOf(
  slots: readonly ChartSlot[],
  nodes: readonly string[],
  split: boolean,
): readonly Series[] {
  if (!split) {
    const failures = slots.map((slot) => slot.failures)
    return [{ name: t('All nodes'), colour: '', failures, bans: slots.map((slot) => slot.bans) }]
  }
  const one = (name: string, colour: string): Series => ({
    name,
    colour,
    failures: slots.map((slot) => slot.byNode.get(name)?.failures ?? 0),
    bans: slots.map((slot) => slot.byNode.get(name)?.bans ?? 0),
  })
  const own = nodes.slice(0, COLOURS).map((name, index) => one(name, `--node-${index}`))
  const shown = new Set(nodes.slice(0, COLOURS))
  const rest = (slot: ChartSlot, key: 'failures' | 'bans'): number =>
    Array.from(slot.byNode).reduce((sum, [name, counts]) => (shown.has(name) ? sum : sum + counts[key]), 0)
  const others: Series = {
    name:
      nodes.length > COLOURS ? n(nodes.length - COLOURS, '{count} more', '{count} more') : t('removed nodes'),
    colour: '--node-rest',
    failures: slots.map((slot) => rest(slot, 'failures')),
    bans: slots.map((slot) => rest(slot, 'bans')),
  }
  return sumOf(others.failures) + sumOf(others.bans) > 0 || nodes.length > COLOURS ? [...own, others] : own
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Slots → one row for each hour, newest first, for the table beside the chart. */
export function hoursOf(
  slots: readonly ChartSlot[],
): readonly { at: number; failures: number; bans: number }[] {
  const byHour = Map.groupBy(slots, (slot) => new Date(slot.at).setMinutes(0, 0, 0))
  return Array.from(byHour, ([at, hour]) => ({
    at,
    failures: sumOf(hour.map((slot) => slot.failures)),
    bans: sumOf(hour.map((slot) => slot.bans)),
  })).toReversed()
}
